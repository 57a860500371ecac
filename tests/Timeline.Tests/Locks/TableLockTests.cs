using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Timeline.Tests.Locks;

/// <summary>The sections of a commit under the lock: exclusive, in one another where one calls the other, and without effect once the lock is lost.</summary>
public class TableLockTests
{
    private readonly SteppedClock clock = new();
    private readonly MemoryObjectStore memory = new("t");

    private static ConcurrencyOptions Optimistic(double timeout = 5) => new()
    {
        Mode = WriteConcurrencyMode.OptimisticConcurrencyControl, MaxClockSkew = TimeSpan.Zero, ExactLockTimeout = TimeSpan.FromSeconds(timeout),
    };

    // Each process has a store object and a lock of its own on the same objects.
    private TimelineClient Process(TimeProvider? at = null, ConcurrencyOptions? options = null)
    {
        var store = new FaultInjectingObjectStore(memory, FaultPlan.None());
        var environment = new LakehouseEnvironment(at ?? TimeProvider.System, Guid.NewGuid);
        return new(store, TestTables.V2, environment, new TableLock(store, environment, options ?? Optimistic()));
    }

    [Fact]
    public async Task One_section_at_a_time_in_all_processes()
    {
        int inside = 0, runs = 0;
        var processes = Enumerable.Range(0, 4).Select(_ => Process()).ToList();
        await Task.WhenAll(processes.SelectMany(p => Enumerable.Range(0, 10).Select(_ => Task.Run(async () => await p.Locks.RunAsync(
            async _ =>
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                await Task.Yield();
                await p.Locks.RunAsync(_ => new ValueTask<int>(++runs), CancellationToken.None);
                Interlocked.Decrement(ref inside);
                return true;
            },
            CancellationToken.None)))));
        Assert.Equal(40, runs);
    }

    [Fact]
    public async Task What_outlives_its_section_takes_the_lock_anew()
    {
        var process = Process();
        var (begin, inner) = (new TaskCompletionSource(), Task.FromResult(false));
        await process.Locks.RunAsync(
            _ =>
            {
                inner = Task.Run(async () =>
                {
                    await begin.Task;
                    return await process.Locks.RunAsync(s => new ValueTask<bool>(!s.HasEnded), CancellationToken.None);
                });
                return new ValueTask<bool>(true);
            },
            CancellationToken.None);
        begin.SetResult();
        Assert.True(await inner);
    }

    [Fact]
    public async Task Waiting_ends_and_says_for_what()
    {
        var holder = Process();
        var error = await holder.Locks.RunAsync(
            async _ => await Assert.ThrowsAsync<LakehouseException>(async () => await Task.Run(async () => await Process(options: Optimistic(0.2)).Locks.RunAsync(_ => new ValueTask<int>(1), CancellationToken.None))),
            CancellationToken.None);
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.True(error.IsTransient);
        Assert.Contains(".hoodie/.locks/table_lock.json", error.Message);
    }

    [Fact]
    public async Task A_holder_that_slept_past_its_lock_cannot_complete()
    {
        var sleeper = Process(clock);
        var inflight = await sleeper.BeginCommitAsync(await sleeper.LoadAsync(), Actions.Commit);
        var error = await sleeper.Locks.RunAsync(
            async _ =>
            {
                // Its own timers sleep as well, and another process takes the lock when it is over.
                var awake = new SteppedClock(clock.GetUtcNow());
                awake.Move(TimeSpan.FromMinutes(6));
                await Task.Run(async () =>
                {
                    var other = Process(awake);
                    var theirs = await other.BeginCommitAsync(await other.LoadAsync(), Actions.Commit);
                    await other.CompleteCommitAsync(theirs, new CommitMetadata());
                });
                return await Assert.ThrowsAsync<LakehouseException>(async () => await sleeper.CompleteCommitAsync(inflight, new CommitMetadata()));
            },
            CancellationToken.None);
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.Contains("was lost", error.Message);
        Assert.Single((await sleeper.LoadAsync()).CompletedWrites);
    }

    [Fact]
    public async Task Times_grow_from_process_to_process_whatever_their_clocks_say()
    {
        var times = new List<string>();
        foreach (var skew in new[] { 0, 90, -70, 3600, -3600, 0 })
        {
            var process = Process(new SteppedClock { Skew = TimeSpan.FromSeconds(skew) });
            var inflight = await process.BeginCommitAsync(new ActiveTimeline(TestTables.V2, []), Actions.Commit);
            times.Add(inflight.RequestedTime);
            times.Add((await process.CompleteCommitAsync(inflight, new CommitMetadata())).CompletionTime!);
        }

        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.Distinct(times);
    }

    [Fact]
    public async Task The_lock_is_held_for_the_clock_skew_after_a_time_was_issued()
    {
        var process = Process(clock, new ConcurrencyOptions { Mode = WriteConcurrencyMode.OptimisticConcurrencyControl });
        var request = process.RequestAsync(await process.LoadAsync(), Actions.Commit).AsTask();
        clock.Move(TimeSpan.FromMilliseconds(199));
        Assert.False(request.IsCompleted);
        clock.Move(TimeSpan.FromMilliseconds(1));
        await request.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_instant_that_another_process_completed_is_not_completed_twice()
    {
        var (one, other) = (Process(), Process());
        var inflight = await one.BeginCommitAsync(await one.LoadAsync(), Actions.Commit);
        await other.CompleteCommitAsync(inflight, new CommitMetadata());
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await one.CompleteCommitAsync(inflight, new CommitMetadata()));
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.Single((await one.Store.ListNamesAsync(one.Layout.Folder)), n => n.EndsWith(".commit", StringComparison.Ordinal));
    }
}
