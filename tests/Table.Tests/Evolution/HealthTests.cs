using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Evolution;

/// <summary>What is wrong with a table is found, what can be is put right, and a table that is right has no problems.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task Tables_of_Hudi_are_right()
    {
        // Their writers died, were rolled back in part, or store keys twice on purpose.
        string[] others = ["failed_write", "virtual_keys", "cow_schema_on_read"];
        var wrong = new List<string>();
        foreach (var name in Golden.Names("v9/").Concat(Golden.Names("v6/")).Where(n => !others.Any(n.Contains)).Where((_, i) => i % 4 == 0))
        {
            await using var table = await LakehouseTable.OpenAsync(Golden.Open(name).Table);
            wrong.AddRange((await table.ValidateAsync()).Where(p => p.Kind != TableProblemKind.DanglingMarkers).Select(p => $"{name}: {p}"));
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    public async Task Problems_are_found_and_put_right(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        Assert.Empty(await table.ValidateAsync());
        var rows = await TestTable.ReadAsync(store);

        // A write that dies, a file of no instant, markers of none, a file of the other layout, properties without a checksum.
        await using (var dying = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, FaultPlan.At(1, Fault.Before, dies: true, o => o.Mutates && o.Path.EndsWith("commit", StringComparison.Ordinal) && !o.Path.Contains("metadata", StringComparison.Ordinal))), TestTable.Resources))
        {
            await Assert.ThrowsAsync<LakehouseException>(() => dying.UpsertAsync([Model.Row.ToBatch([TestTable.Of(3, 9)])]));
        }

        var file = await TestTable.LatestFileAsync(store, "a/");
        var dangling = "a/" + FileNames.MakeBaseFile("20991231235959999", "0-0-0", "11111111-1111-1111-1111-111111111111-0");
        await store.PutAsync(dangling, await store.ReadAsync(file), PutCondition.None);
        await store.PutAsync(".hoodie/.temp/20991231235959999/a/x.parquet.marker.CREATE", default, PutCondition.None);
        await store.PutAsync(version < 8 ? ".hoodie/timeline/20200101000000000.commit.requested" : ".hoodie/20200101000000000.commit", default, PutCondition.None);
        var shown = await table.RepairAsync(new RepairOptions { DryRun = true });
        TableProblemKind[] expected = [TableProblemKind.UnfinishedWrite, TableProblemKind.StrayTimelineFile, TableProblemKind.DanglingFile, TableProblemKind.DanglingMarkers];
        Assert.Superset(expected.ToHashSet(), shown.Select(p => p.Kind).ToHashSet());
        Assert.NotEmpty((await table.RefreshAsync()).Timeline.Pending);
        await table.RepairAsync();
        Assert.Empty(await table.ValidateAsync());
        Assert.Equal(rows, await TestTable.ReadAsync(store));
        Assert.Null(await store.GetInfoAsync(dangling));
    }

    [Fact]
    public async Task What_is_lost_is_told_and_not_made_up()
    {
        var store = await TestTable.MakeAsync(9);
        var file = await TestTable.LatestFileAsync(store, "a/");
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var content = await store.ReadAsync(file);
        await store.PutAsync(file, content[..(content.Length - 10)], PutCondition.None);
        var problems = await table.ValidateAsync();
        Assert.Superset(new HashSet<TableProblemKind> { TableProblemKind.WrongLength, TableProblemKind.DamagedFile, TableProblemKind.MetadataTable }, problems.Select(p => p.Kind).ToHashSet());
        await store.DeleteAsync(file);
        Assert.Contains(await table.ValidateAsync(), p => p is { Kind: TableProblemKind.MissingFile, IsRepairable: false } && p.Path == file);
        await store.PutAsync(file, content, PutCondition.None);
        Assert.Empty(await table.ValidateAsync());
        await table.InsertAsync([Model.Row.ToBatch([TestTable.Of(3, 9)])]);
        Assert.Contains(await table.ValidateAsync(), p => p.Kind == TableProblemKind.DuplicateKey && p.Problem.Contains("k003", StringComparison.Ordinal));
        Assert.DoesNotContain(await table.ValidateAsync(new ValidateOptions { CheckKeys = false }), p => p.Kind == TableProblemKind.DuplicateKey);
    }

    [Fact]
    public async Task Statistics_count_files_and_rows()
    {
        var store = await TestTable.MakeAsync(9, TableType.MergeOnRead);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 });
        var found = await table.GetStatisticsAsync();
        Assert.Equal((2, 3, 32L, 1), (found.Partitions, found.Commits, found.RowsChanged, found.Pending[Actions.Compaction]));
        Assert.True(found.LogFiles > 0 && found.BaseBytes > 0 && found.WriteAmplification >= 1 && found.FileGroups >= found.BaseFiles);
    }
}
