using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Concurrency;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Cleaning;

/// <summary>Cleans of a table that has several writers.</summary>
public sealed class LazyCleanTests
{
    private static readonly CleanOptions Options = new() { CommitsRetained = 1 };
    private readonly SteppedClock clock = new();

    [Fact]
    public async Task A_clean_rolls_back_what_a_dead_writer_left_and_leaves_alone_what_a_living_one_writes()
    {
        var objects = await MakeAsync();
        var dying = new FaultInjectingObjectStore(objects, FaultPlan.At(1, Fault.Before, dies: true, counts: static o => o.Kind == StorageOperationKind.Complete));
        await using (var dead = await LakehouseTable.OpenAsync(dying, Writers.Resources(Writers.Optimistic(), new OffsetClock(clock.GetUtcNow()))))
        {
            await Assert.ThrowsAsync<LakehouseException>(() => Writers.UpsertAsync(dead, TestTable.Of(2, 5)));
        }

        var (a, storeA) = await Writers.OpenAsync(objects, clock: clock);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var slow = a.InsertAsync([Row.ToBatch([TestTable.Of(77, 5)])]);
        await reached;
        for (int i = 0; i < 15; i++)
        {
            clock.Move(TimeSpan.FromSeconds(20));
        }

        var (b, _) = await Writers.OpenAsync(objects, clock: clock);
        Assert.Equal(2, (await b.RefreshAsync()).Timeline.Pending.Count(i => i.Action == Actions.Commit));
        await b.CleanAsync(Options);
        Assert.Single((await b.RefreshAsync()).Timeline.Pending);
        goOn.SetResult();
        await slow;
        Assert.Contains("k077 b 5", await Writers.RowsAsync(objects));
        Assert.Empty((await b.RefreshAsync()).Timeline.Pending);
    }

    [Fact]
    public async Task A_clean_under_way_elsewhere_is_left_to_its_process_as_long_as_that_lives()
    {
        var objects = await MakeAsync();
        var (a, storeA) = await Writers.OpenAsync(objects, clock: clock);
        for (int i = 0; i < 4; i++)
        {
            await a.UpsertAsync([Row.ToBatch([TestTable.Of(1, 20 + i)])], new WriteOptions { AutoClean = false });
        }

        var (b, _) = await Writers.OpenAsync(objects, clock: clock);
        var (reached, goOn) = Writers.StopBefore(storeA, static (kind, path) => kind == StorageOperationKind.Delete && !path.StartsWith(".hoodie/", StringComparison.Ordinal));
        var slow = a.CleanAsync(Options);
        await reached;
        Assert.Empty(await b.CleanAsync(Options));
        goOn.SetResult();
        var done = Assert.Single(await slow);
        Assert.NotEmpty(done.Files);
        Assert.DoesNotContain((await TestTable.ListAsync(objects)).Keys, p => p.Contains(".heartbeat/2", StringComparison.Ordinal));
        Assert.Empty(await b.CleanAsync(Options));
    }

    private async Task<MemoryObjectStore> MakeAsync()
    {
        var made = await TestTable.MakeAsync(9, TableType.CopyOnWrite);
        var objects = new MemoryObjectStore("lazy", clock);
        await foreach (var entry in made.ListAsync(string.Empty, recursive: true))
        {
            await objects.PutAsync(entry.Path, await made.ReadAsync(entry.Path), PutCondition.IfAbsent);
        }

        return objects;
    }
}
