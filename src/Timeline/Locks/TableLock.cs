using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Locks;

/// <summary>
/// The lock of one table (TransactionManager, LockManager): first among the tasks of this process, then, where there are other writers, by a lock provider. Held for the short sections alone in which
/// an instant's time is issued, or a commit is checked and completed with its part of the metadata table. What is called within such a section and takes the lock itself runs in it.
/// </summary>
internal sealed class TableLock
{
    // Of the storage, one after the other, until they are told.
    private const int MaxFailures = 5;

    // Tables on the local disk are told apart by their path, others by their store.
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> ByPath = new(StringComparer.Ordinal);
    private static readonly ConditionalWeakTable<IObjectStore, SemaphoreSlim> ByStore = [];
    private static readonly AsyncLocal<Holding?> Current = new();

    private readonly IObjectStore store;
    private readonly LakehouseEnvironment environment;
    private readonly SemaphoreSlim turn;
    private readonly ILockProvider? provider;
    private readonly Lazy<Random> jitter;

    public TableLock(IObjectStore store, LakehouseEnvironment environment, ConcurrencyOptions? options = null)
    {
        this.store = store;
        this.environment = environment;
        Options = options ?? new ConcurrencyOptions();
        turn = (store.GetLocalPath(TableConfig.Path) ?? store.Identity) is { } path ? ByPath.GetOrAdd(path, _ => new SemaphoreSlim(1)) : ByStore.GetValue(store, _ => new SemaphoreSlim(1));
        if (Options.HasOtherWriters && Options.EffectiveFailedWrites == FailedWritesPolicy.Eager)
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, "With several writers, failed writes cannot be cleaned eagerly: another's write that is under way would count as failed", store.Root, remedy: "Set hoodie.clean.failed.writes.policy=LAZY");
        }

        var create = Options.LockProvider ?? (store.Capabilities is { CompareAndSwap: true, PutIfAbsent: true } ? LockProviders.StorageBased() : LockProviders.FileSystem());
        Heartbeats = new Heartbeats(store, environment, Options);
        provider = Options.HasOtherWriters ? create(new LockContext(store, environment)) : null;
        jitter = new(() => Jitter(environment));
    }

    public ConcurrencyOptions Options { get; }

    /// <summary>Signs of life of the writes that this process has under way.</summary>
    public Heartbeats Heartbeats { get; }

    /// <summary>Whether a storage is that of the table, and not of its metadata table, whose writers are all under the lock.</summary>
    public bool IsOf(IObjectStore other) => ReferenceEquals(store, other);

    /// <summary>Whether what was read before the lock was taken may be out of date by more than this process has done.</summary>
    public bool HasOtherWriters => Options.HasOtherWriters;

    /// <summary>Whether what is running now is such a section.</summary>
    public bool IsHeldHere => FindHeld() is not null;

    /// <summary>Asked just before what cannot be taken back and must not be done without the lock; nothing where no lock is held or needed.</summary>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Conflict"/>: the lock was lost.</exception>
    public ValueTask RequireHeldAsync(CancellationToken cancellationToken) => FindHeld()?.RequireHeldAsync(cancellationToken) ?? default;

    /// <summary>Runs an action while the lock is held.</summary>
    /// <param name="action">Short; it must not wait for another's section.</param>
    /// <param name="cancellationToken">Ends the waiting; within the action it is the action's own.</param>
    public async ValueTask<T> RunAsync<T>(Func<LockSection, ValueTask<T>> action, CancellationToken cancellationToken)
    {
        if (FindHeld() is { } outer)
        {
            return await action(outer);
        }

        await turn.WaitAsync(cancellationToken);
        try
        {
            var lease = provider is null ? null : await AcquireAsync(provider, cancellationToken);
            var section = new LockSection(environment, lease, store.Root, provider?.Description);
            try
            {
                Current.Value = new Holding(turn, section, Current.Value);
                return await action(section);
            }
            finally
            {
                section.HasEnded = true;
                await ReleaseAsync(section, lease);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Notes in the section under way that an instant's time was issued.</summary>
    public void NoteIssued()
    {
        if (FindHeld() is { } section)
        {
            section.Issued = environment.Clock.GetTimestamp();
        }
    }

    /// <summary>A pause before a next try: random, about twice as long each time, at most a second.</summary>
    /// <param name="attempt">From 0.</param>
    public TimeSpan Pause(int attempt)
    {
        lock (jitter)
        {
            return TimeSpan.FromMilliseconds(Math.Min(1000, 20 << Math.Min(attempt, 6)) * (0.5 + jitter.Value.NextDouble()));
        }
    }

    private LockSection? FindHeld()
    {
        var held = Current.Value;
        while (held is not null && (held.Turn != turn || held.Section.HasEnded))
        {
            held = held.Outer;
        }

        return held?.Section;
    }

    private async ValueTask<ILockLease> AcquireAsync(ILockProvider provider, CancellationToken cancellationToken)
    {
        var started = environment.Clock.GetTimestamp();
        LakehouseException? last = null;
        int failures = 0;
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                if (await provider.TryAcquireAsync(cancellationToken) is { } lease)
                {
                    return lease;
                }

                last = null;
                failures = 0;
            }
            catch (LakehouseException e) when (e.IsTransient && ++failures < MaxFailures)
            {
                last = e;
            }

            if (environment.Clock.GetElapsedTime(started) > Options.LockTimeout)
            {
                throw new LakehouseException(
                    last?.Kind ?? LakehouseErrorKind.Conflict,
                    $"The table's lock {provider.Description} could not be had within {Options.LockTimeout}{(last is null ? string.Empty : ": " + last.Problem)}",
                    store.Root,
                    remedy: "Try again; if its holder is dead and the lock does not expire, remove it",
                    inner: last);
            }

            await Task.Delay(Pause(attempt), environment.Clock, cancellationToken);
        }
    }

    // Java reads its clock under the lock and does not look at the timeline: it must find a later time than those that were issued here.
    private async ValueTask ReleaseAsync(LockSection section, ILockLease? lease)
    {
        if (lease is null)
        {
            return;
        }

        if (section.Issued is { } issued && Options.MaxClockSkew - environment.Clock.GetElapsedTime(issued) is { } rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, environment.Clock);
        }

        try
        {
            await lease.DisposeAsync();
        }
        catch (LakehouseException)
        {
            // What was done stays done; the lock ends by its time, or the next acquisition says what is in the way.
        }
    }

#pragma warning disable RS0030 // Seeded from the environment's identifiers.
    private static Random Jitter(LakehouseEnvironment environment) => new(environment.NewGuid().GetHashCode());
#pragma warning restore RS0030

    private sealed record Holding(SemaphoreSlim Turn, LockSection Section, Holding? Outer);
}
