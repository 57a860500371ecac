using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Tests.Cleaning;

/// <summary>Savepoints made while a clean is under way: it has looked for savepoints, and takes what it has planned.</summary>
public sealed class SavepointBesideCleanTests
{
    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task A_commit_whose_files_a_clean_is_taking_gets_none(int version)
    {
        var store = await TestTable.MakeAsync(version);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var old = (await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 10)])], new WriteOptions { AutoClean = false })).Instant!;
        var latest = (await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 20)])], new WriteOptions { AutoClean = false })).Instant!;

        // It dies before its first deletion.
        var faults = FaultPlan.At(1, Fault.Before, dies: true, counts: static o => o.Mutates && o.Path.EndsWith(".parquet", StringComparison.Ordinal));
        await using var dying = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, faults), TestTable.Resources);
        await Assert.ThrowsAsync<LakehouseException>(() => dying.CleanAsync(new CleanOptions { Policy = CleaningPolicy.KeepLatestFileVersions, FileVersionsRetained = 1 }));
        Assert.True(faults.Fired);

        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => table.SavepointAsync(old))).Kind);
        Assert.Empty(await table.GetSavepointsAsync());
        var kept = await table.SavepointAsync(latest);
        await table.CleanAsync(new CleanOptions { Policy = CleaningPolicy.KeepLatestFileVersions, FileVersionsRetained = 1 });
        foreach (var file in kept.Files)
        {
            Assert.NotNull(await store.GetInfoAsync(file));
        }
    }

    [Fact]
    public async Task One_whose_files_a_clean_took_that_is_archived_by_then_gets_none()
    {
        var objects = await TestTable.MakeAsync(9);
        var hooked = new HookedStore(objects);
        await using var asleep = await LakehouseTable.OpenAsync(hooked, TestTable.Resources);
        await using var table = await LakehouseTable.OpenAsync(objects, TestTable.Resources);
        var quiet = new WriteOptions { AutoClean = false, AutoArchive = false };
        var old = (await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 10)])], quiet)).Instant!;
        var (reached, goOn) = Concurrency.Writers.StopBefore(hooked, static (kind, path) => kind == StorageOperationKind.Put && path.Contains(".savepoint", StringComparison.Ordinal));
        var saving = asleep.SavepointAsync(old);
        await reached;
        var clean = new CleanOptions { CommitsRetained = 1 };
        for (int n = 0; n < 6; n++)
        {
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 20 + n)])], quiet);
            await table.CleanAsync(clean);
        }

        for (int n = 0; n < 20 && (await table.RefreshAsync()).Timeline.Find(old).Any(); n++)
        {
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 30 + n)])], quiet);
            await table.ArchiveAsync(new ArchiveOptions { MinCommits = 2, MaxCommits = 3, Clean = clean });
        }

        Assert.Empty((await table.RefreshAsync()).Timeline.Find(old));
        goOn.SetResult();
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => saving)).Kind);
        Assert.Empty(await table.GetSavepointsAsync());
    }

    [Fact]
    public async Task Logs_of_a_commit_that_lie_on_a_compaction_planned_meanwhile_are_kept()
    {
        var objects = await TestTable.MakeAsync(9, TableType.MergeOnRead);
        var (slow, store) = await Concurrency.Writers.OpenAsync(objects);
        var (table, _) = await Concurrency.Writers.OpenAsync(objects);
        var (reached, goOn) = Concurrency.Writers.StopBeforeFirstFile(store);
        var writing = Concurrency.Writers.UpsertAsync(slow, TestTable.Of(2, 10), TestTable.Of(3, 10));
        await reached;
        var planned = await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 });
        Assert.NotNull(planned);
        goOn.SetResult();
        var commit = (await writing).Instant!;
        var rows = await TestTable.ReadAsync(objects);
        var saved = await table.SavepointAsync(commit);
        await table.ExecuteCompactionAsync(planned);
        for (int n = 0; n < 4; n++)
        {
            await Concurrency.Writers.UpsertAsync(table, TestTable.Of(2, 20 + n), TestTable.Of(3, 20 + n));
            await table.CompactAsync();
        }

        await table.CleanAsync(new CleanOptions { CommitsRetained = 1 });
        foreach (var file in saved.Files)
        {
            Assert.NotNull(await objects.GetInfoAsync(file));
        }

        await table.RestoreAsync(commit);
        Assert.Equal(rows, await TestTable.ReadAsync(objects));
    }
}
