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
}
