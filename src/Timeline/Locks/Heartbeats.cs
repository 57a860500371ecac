using System.Collections.Concurrent;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Locks;

/// <summary>
/// How writers show each other that they live, where failed writes are cleaned lazily (HoodieHeartbeatClient): the empty file .hoodie/.heartbeat/INSTANT, written again and again; its modification
/// time is the last beat. A writer with no such file counts as dead.
/// </summary>
internal sealed class Heartbeats(IObjectStore store, LakehouseEnvironment environment, ConcurrencyOptions options)
{
    private const string Folder = ".hoodie/.heartbeat";
    private static readonly AsyncLocal<ConcurrentBag<string>?> Operation = new();
    private readonly ConcurrentDictionary<string, ITimer> beating = new(StringComparer.Ordinal);

    private bool Used => options.EffectiveFailedWrites == FailedWritesPolicy.Lazy;

    /// <summary>Begins to beat for an instant, before anyone can see it.</summary>
    public async ValueTask StartAsync(string instant, CancellationToken cancellationToken)
    {
        if (!Used || beating.ContainsKey(instant))
        {
            return;
        }

        await BeatAsync(instant, cancellationToken);
        beating[instant] = environment.Clock.CreateTimer(_ => _ = BeatAgainAsync(instant), null, options.HeartbeatInterval, options.HeartbeatInterval);
        Operation.Value?.Add(instant);
    }

    /// <summary>The instant is completed or rolled back: its file goes.</summary>
    public async ValueTask StopAsync(string instant, CancellationToken cancellationToken)
    {
        Abandon(instant);
        if (Used)
        {
            await store.DeleteAsync(Path(instant), cancellationToken);
        }
    }

    /// <summary>Whatever begins to beat in an operation ceases at its end: what failed without being rolled back is dead for the others once its time is over.</summary>
    public async Task<T> WithinAsync<T>(Func<Task<T>> operation)
    {
        var begun = Operation.Value = [];
        try
        {
            return await operation();
        }
        finally
        {
            foreach (var instant in begun)
            {
                Abandon(instant);
            }
        }
    }

    /// <summary>Whether a pending instant may be rolled back, by the policy for failed writes and, with a lazy one, its writer's last heartbeat.</summary>
    public async ValueTask<bool> MayRollBackAsync(Instant pending, ITimelineLayout layout, CancellationToken cancellationToken) => options.EffectiveFailedWrites switch
    {
        FailedWritesPolicy.Eager => true,
        FailedWritesPolicy.Never => false,
        _ => !await IsAliveAsync(pending, layout, cancellationToken),
    };

    /// <summary>Whether the writer of an instant has shown a sign of life within the tolerated time. Always false where heartbeats are not used.</summary>
    public async ValueTask<bool> IsAliveAsync(Instant pending, ITimelineLayout layout, CancellationToken cancellationToken)
    {
        if (!Used)
        {
            return false;
        }

        var last = await store.GetInfoAsync(Path(pending.RequestedTime), cancellationToken) is { } beat ? beat.Modified
            // Hudi's rollbacks have none: one is dead once it is as old as a heartbeat may be.
            : pending.Action == Actions.Rollback && InstantTimes.TryParse(pending.RequestedTime, out var local) ? new DateTimeOffset(local, layout.Zone.GetUtcOffset(local))
            : DateTimeOffset.MinValue;
        return environment.Clock.GetUtcNow() - last <= options.HeartbeatTimeout;
    }

    private void Abandon(string instant)
    {
        if (beating.TryRemove(instant, out var timer))
        {
            timer.Dispose();
        }
    }

    private async Task BeatAgainAsync(string instant)
    {
        try
        {
            await BeatAsync(instant, CancellationToken.None);
            if (!beating.ContainsKey(instant))
            {
                // It ended meanwhile.
                await store.DeleteAsync(Path(instant));
            }
        }
        catch (LakehouseException)
        {
            // One may be missed.
        }
    }

    private async ValueTask BeatAsync(string instant, CancellationToken cancellationToken) =>
        await store.PutAsync(Path(instant), default, PutCondition.None, Durability.Deferred, cancellationToken);

    private static string Path(string instant) => Folder + "/" + instant;
}
