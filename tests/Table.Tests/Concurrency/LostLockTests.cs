using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Concurrency;

/// <summary>A process that sleeps past the end of its lock while it makes the metadata table.</summary>
public sealed class LostLockTests
{
    [Fact]
    public async Task What_another_made_meanwhile_stays()
    {
        SteppedClock clock = new(), asleep = new(clock.GetUtcNow());
        var objects = new MemoryObjectStore("lost", clock);
        await (await LakehouseTable.CreateAsync(objects, Row.Schema, new TableOptions { Name = "t", Keys = ["id"], Partitions = ["part"], Ordering = ["ts"] })).DisposeAsync();
        var (a, storeA) = await Writers.OpenAsync(objects, clock: asleep);
        var (b, _) = await Writers.OpenAsync(objects, clock: clock);
        // The last operation before what is there is deleted.
        var (reached, goOn) = Writers.StopBefore(storeA, static (kind, path) => kind == StorageOperationKind.List && path == ".hoodie/metadata/.hoodie/timeline");
        var sleeping = Writers.UpsertAsync(a, TestTable.Of(2, 5));
        Assert.Same(reached, await Task.WhenAny(reached, sleeping, Task.Delay(20000)));
        clock.Move(TimeSpan.FromMinutes(10));
        await Writers.UpsertAsync(b, TestTable.Of(3, 6)).WaitAsync(TimeSpan.FromSeconds(60));
        var made = await objects.ListAsync(".hoodie/metadata", recursive: true).Select(e => e.Path).ToListAsync();
        asleep.Move(TimeSpan.FromMinutes(10));
        goOn.SetResult();
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => sleeping.WaitAsync(TimeSpan.FromSeconds(60)))).Kind);
        Assert.Empty(made.Except(await objects.ListAsync(".hoodie/metadata", recursive: true).Select(e => e.Path).ToListAsync()));
        Assert.Equal(["k003 b 6"], await Writers.RowsAsync(objects));
        await Writers.UpsertAsync(b, TestTable.Of(4, 6));
        await Writers.CheckMetadataAsync(objects);
    }
}
