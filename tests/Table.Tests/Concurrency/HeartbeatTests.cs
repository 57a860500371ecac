using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;

namespace OllaLab.Lakehouse.Tests.Concurrency;

/// <summary>Which pending writes count as a dead writer's where failed writes are cleaned lazily.</summary>
public sealed class HeartbeatTests
{
    private readonly SteppedClock clock = new();

    private async Task<MemoryObjectStore> MakeAsync(TableType type = TableType.CopyOnWrite)
    {
        var made = await TestTable.MakeAsync(9, type);
        var objects = new MemoryObjectStore("faults", clock);
        await foreach (var entry in made.ListAsync(string.Empty, recursive: true))
        {
            await objects.PutAsync(entry.Path, await made.ReadAsync(entry.Path), PutCondition.IfAbsent);
        }

        return objects;
    }

    [Fact]
    public async Task A_living_writer_is_left_alone_however_long_it_takes()
    {
        var objects = await MakeAsync();
        var (a, storeA) = await Writers.OpenAsync(objects, clock: clock);
        var (b, _) = await Writers.OpenAsync(objects, clock: clock);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var slow = Writers.UpsertAsync(a, TestTable.Of(2, 5));
        await reached;
        var pending = Assert.Single((await b.RefreshAsync()).Timeline.Pending);
        Assert.NotNull(await objects.GetInfoAsync(".hoodie/.heartbeat/" + pending.RequestedTime));
        for (int i = 0; i < 30; i++)
        {
            clock.Move(TimeSpan.FromSeconds(20));
        }

        var result = await Writers.UpsertAsync(b, TestTable.Of(3, 5));
        Assert.Empty(result.RolledBack);
        goOn.SetResult();
        await slow;
        Assert.Contains("k002 a 5", await Writers.RowsAsync(objects));
        Assert.Null(await objects.GetInfoAsync(".hoodie/.heartbeat/" + pending.RequestedTime));
    }

    [Fact]
    public async Task A_dead_writer_is_rolled_back_when_its_time_is_over_and_not_before()
    {
        var objects = await MakeAsync();
        var before = await Writers.RowsAsync(objects);
        var dying = new FaultInjectingObjectStore(objects, FaultPlan.At(1, Fault.Before, dies: true, counts: static o => o.Kind == StorageOperationKind.Complete));
        await using (var dead = await LakehouseTable.OpenAsync(dying, Writers.Resources(Writers.Optimistic(), new OffsetClock(clock.GetUtcNow()))))
        {
            await Assert.ThrowsAsync<LakehouseException>(() => Writers.UpsertAsync(dead, TestTable.Of(2, 5)));
        }

        var (b, _) = await Writers.OpenAsync(objects, clock: clock);
        var pending = Assert.Single((await b.RefreshAsync()).Timeline.Pending);
        clock.Move(TimeSpan.FromSeconds(119));

        // A pending write is no conflict: the same file group is written meanwhile.
        Assert.Empty((await Writers.UpsertAsync(b, TestTable.Of(2, 6))).RolledBack);
        Assert.Single((await b.RefreshAsync()).Timeline.Pending);
        clock.Move(TimeSpan.FromSeconds(2));
        Assert.Equal(pending.RequestedTime, Assert.Single((await Writers.UpsertAsync(b, TestTable.Of(3, 6))).RolledBack));
        Assert.Empty((await b.RefreshAsync()).Timeline.Pending);
        Assert.Null(await objects.GetInfoAsync(".hoodie/.heartbeat/" + pending.RequestedTime));
        Assert.DoesNotContain((await TestTable.ListAsync(objects)).Keys, p => p.Contains(pending.RequestedTime, StringComparison.Ordinal) && !p.StartsWith(".hoodie", StringComparison.Ordinal));
        Assert.Equal(before.Count, (await Writers.RowsAsync(objects)).Count);
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task A_sleeper_that_was_rolled_back_meanwhile_commits_nothing_and_leaves_nothing(TableType type)
    {
        var objects = await MakeAsync(type);
        var asleep = new SteppedClock(clock.GetUtcNow());
        var (a, storeA) = await Writers.OpenAsync(objects, clock: asleep);
        var (b, _) = await Writers.OpenAsync(objects, clock: clock);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var sleeping = Writers.UpsertAsync(a, TestTable.Of(2, 5));
        await reached;
        clock.Move(TimeSpan.FromMinutes(5));
        var rolledBack = Assert.Single((await Writers.UpsertAsync(b, TestTable.Of(3, 6))).RolledBack);
        asleep.Move(TimeSpan.FromMinutes(5));
        goOn.SetResult();
        var error = await Assert.ThrowsAsync<LakehouseException>(() => sleeping);
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.Equal(rolledBack, error.Instant);
        Assert.Contains("k002 a 1", await Writers.RowsAsync(objects));
        Assert.DoesNotContain((await TestTable.ListAsync(objects)).Keys, p => p.Contains(rolledBack, StringComparison.Ordinal) && !p.StartsWith(".hoodie/timeline", StringComparison.Ordinal) && !p.StartsWith(".hoodie/metadata", StringComparison.Ordinal));
        await MetadataCheck.RunAsync(objects, "after a sleeper");
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task What_a_sleeper_finishes_before_it_dies_is_found_by_its_marker(TableType type)
    {
        var objects = await MakeAsync(type);
        var asleep = new SteppedClock(clock.GetUtcNow());
        var dying = new FaultInjectingObjectStore(objects, FaultPlan.At(1, Fault.LostReply, dies: true, counts: static o => o.Kind == StorageOperationKind.Complete));
        var (a, storeA) = await Writers.OpenAsync(dying, clock: asleep);
        var (b, _) = await Writers.OpenAsync(objects, clock: clock);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var sleeping = Writers.UpsertAsync(a, TestTable.Of(2, 5));
        await reached;
        clock.Move(TimeSpan.FromMinutes(5));
        var rolledBack = Assert.Single((await Writers.UpsertAsync(b, TestTable.Of(3, 6))).RolledBack);
        asleep.Move(TimeSpan.FromMinutes(5));
        goOn.SetResult();
        await Assert.ThrowsAsync<LakehouseException>(() => sleeping);
        var left = Assert.Single((await TestTable.ListAsync(objects)).Keys, p => p.Contains(rolledBack, StringComparison.Ordinal) && !p.StartsWith(".hoodie", StringComparison.Ordinal));
        Assert.Contains((await TestTable.ListAsync(objects)).Keys, p => p.StartsWith($".hoodie/.temp/{rolledBack}/{left}.marker.", StringComparison.Ordinal));
        Assert.Contains("k002 a 1", await Writers.RowsAsync(objects));
    }

    [Fact]
    public async Task Never_means_never()
    {
        var objects = await MakeAsync();
        var dying = new FaultInjectingObjectStore(objects, FaultPlan.At(1, Fault.Before, dies: true, counts: static o => o.Kind == StorageOperationKind.Complete));
        await using (var dead = await LakehouseTable.OpenAsync(dying, Writers.Resources(Writers.Optimistic(), new OffsetClock(clock.GetUtcNow()))))
        {
            await Assert.ThrowsAsync<LakehouseException>(() => Writers.UpsertAsync(dead, TestTable.Of(2, 5)));
        }

        clock.Move(TimeSpan.FromDays(1));
        var never = new ConcurrencyOptions { Mode = WriteConcurrencyMode.OptimisticConcurrencyControl, FailedWrites = FailedWritesPolicy.Never, MaxClockSkew = TimeSpan.Zero };
        var (b, _) = await Writers.OpenAsync(objects, never, clock);
        Assert.Empty((await Writers.UpsertAsync(b, TestTable.Of(3, 6))).RolledBack);
        Assert.Single((await b.RefreshAsync()).Timeline.Pending);
    }
}
