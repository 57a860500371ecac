using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Compactions;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>Overwriting partitions and tables, deleting partitions.</summary>
public sealed class OverwriteTests
{
    private static IAsyncEnumerable<RecordBatch> Rows(params Row[] rows) => Row.ToBatches(rows, 10).ToAsyncEnumerable();

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Rows_take_the_place_of_their_partitions(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var first = (await table.RefreshAsync()).Timeline.CompletedWrites.Last();
        var before = await TableRows.ReadAsync(table);
        var written = await table.WriteAsync(WriteOperation.InsertOverwrite, Rows(TestTable.Of(200, 1), TestTable.Of(2, 1)));
        Assert.Equal(2, written.Inserted);
        Assert.True(written.FileGroupsReplaced > 0);
        var rows = await TestTable.ReadAsync(store);
        Assert.Equal(2, rows.Split('\n').Count(r => r.Contains(" a ", StringComparison.Ordinal)));
        Assert.Equal(15, rows.Split('\n').Count(r => r.Contains(" b ", StringComparison.Ordinal)));
        Assert.Equal(before, await TableRows.ReadAsync(table, new ReadOptions { AsOf = first.RequestedTime }));

        var commit = (await table.RefreshAsync()).Timeline.FindCompletedWrite(written.Instant!)!;
        Assert.Equal(Actions.ReplaceCommit, commit.Action);
        var changed = await TableRows.ReadAsync(table, new ReadOptions { Begin = first.CompletionTime ?? first.RequestedTime });
        Assert.Equal(2, changed.Count);

        // An update of a key that came back goes to its new file group.
        Assert.Equal((0L, 1L), await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 9)])]) is var updated ? (updated.Inserted, updated.Updated) : default);
        Assert.Equal(1L, (await table.WriteAsync(WriteOperation.InsertOverwriteTable, Rows(TestTable.Of(7, 1)))).Inserted);
        Assert.Equal("k007 b 1 text 1", await TestTable.ReadAsync(store));
        Assert.Null((await table.WriteAsync(WriteOperation.InsertOverwrite, Rows())).Instant);
        Assert.NotNull((await table.WriteAsync(WriteOperation.InsertOverwriteTable, Rows())).Instant);
        Assert.Empty(await TestTable.ReadAsync(store));
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(7, 2)])]);
        Assert.Equal("k007 b 2 text 2", await TestTable.ReadAsync(store));
        await MetadataCheck.RunAsync(store, "at the end");
    }

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Partitions_that_are_named_are_overwritten_whatever_rows_come(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        WriteOptions Named(string paths) => new() { Properties = new Dictionary<string, string> { ["hoodie.static.overwrite.partition.paths"] = paths } };
        var refused = await Assert.ThrowsAsync<LakehouseException>(() => table.WriteAsync(WriteOperation.InsertOverwrite, Rows(TestTable.Of(1, 9)), Named("a")));
        Assert.Contains("of partition 'b'", refused.Message, StringComparison.Ordinal);
        Assert.Equal(15, (await TestTable.ReadAsync(store)).Split('\n').Count(r => r.Contains(" b ", StringComparison.Ordinal)));
        if (type == TableType.CopyOnWrite)
        {
            Assert.NotNull((await table.WriteAsync(WriteOperation.InsertOverwrite, Rows(TestTable.Of(2, 9)), Named("a,b"))).Instant);
            Assert.Equal("k002 a 9 text 9", await TestTable.ReadAsync(store));
        }

        Assert.NotNull((await table.WriteAsync(WriteOperation.InsertOverwrite, Rows(), Named("a"))).Instant);
        Assert.DoesNotContain(" a ", await TestTable.ReadAsync(store), StringComparison.Ordinal);
        Assert.Equal(type == TableType.CopyOnWrite, (await TestTable.ReadAsync(store)).Length == 0);
        await MetadataCheck.RunAsync(store, "named");
    }

    [Fact]
    public async Task Services_run_after_deleted_partitions()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var clean = new WriteOptions { Clean = new CleanOptions { Policy = CleaningPolicy.KeepLatestFileVersions, FileVersionsRetained = 1 } };
        var done = await table.DeletePartitionsAsync(["a"], new DeletePartitionsOptions { Services = clean });
        Assert.NotEmpty(Assert.Single(done.Services!.Cleans).Files);
        Assert.Null((await table.DeletePartitionsAsync(["nowhere"], new DeletePartitionsOptions { Services = clean })).Services);
        Assert.Equal(15, (await TestTable.ReadAsync(store)).Split('\n').Length);
        await MetadataCheck.RunAsync(store, "cleaned");
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task Buckets_begin_anew(TableType type)
    {
        var store = new MemoryObjectStore("buckets");
        await using var table = await LakehouseTable.CreateAsync(
            store,
            Row.Schema,
            new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], Index = IndexType.Bucket, Properties = new Dictionary<string, string> { ["hoodie.bucket.index.num.buckets"] = "3" } },
            TestTable.Resources);
        await table.UpsertAsync([Row.ToBatch([.. TestTable.First])]);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 3)])]);
        var written = await table.WriteAsync(WriteOperation.InsertOverwrite, Rows([.. TestTable.First.Where(r => r.Part == "a").Select(r => r with { Ts = 0, Text = "new" })]));
        Assert.Equal(3, written.FileGroupsReplaced);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5), TestTable.Of(1, 5)])]);
        var rows = await TestTable.ReadAsync(store);
        Assert.Equal(30, rows.Split('\n').Length);
        Assert.Contains("k002 a 5 text 5", rows, StringComparison.Ordinal);
        Assert.Equal(14, rows.Split('\n').Count(r => r.EndsWith("0 new", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(8, TableType.MergeOnRead)]
    public async Task Partitions_are_deleted_by_name_and_pattern(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var objects = await TestTable.ListAsync(store);
        var planned = await table.DeletePartitionsAsync(["*"], new DeletePartitionsOptions { DryRun = true });
        Assert.Equal(["a", "b"], planned.Partitions);
        Assert.Null(planned.Instant);
        Assert.Null((await table.DeletePartitionsAsync(["c", "a.", "ab"])).Instant);
        Assert.Equal(objects, await TestTable.ListAsync(store));

        var done = await table.DeletePartitionsAsync(["a", "c*"]);
        Assert.Equal(["a"], done.Partitions);
        Assert.DoesNotContain(" a ", await TestTable.ReadAsync(store), StringComparison.Ordinal);
        Assert.Equal(15, (await TestTable.ReadAsync(store)).Split('\n').Length);
        Assert.Null((await table.DeletePartitionsAsync(["a"])).Instant);

        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 1)])]);
        Assert.Equal(16, (await TestTable.ReadAsync(store)).Split('\n').Length);
        await MetadataCheck.RunAsync(store, "at the end");
    }

    [Fact]
    public async Task A_partition_with_a_planned_compaction_is_not_deleted()
    {
        var store = await TestTable.MakeAsync(9, TableType.MergeOnRead);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        Assert.NotNull(await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 }));
        var before = await TestTable.ReadAsync(store);
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => table.DeletePartitionsAsync(["a"]))).Kind);
        Assert.Equal(before, await TestTable.ReadAsync(store));
        Assert.Single((await table.RefreshAsync()).Timeline.Pending);
        await table.ExecuteCompactionAsync();
        Assert.NotNull((await table.DeletePartitionsAsync(["a"])).Instant);
    }

    [Fact]
    public async Task A_compaction_may_come_after_its_partition_was_overwritten()
    {
        var store = await TestTable.MakeAsync(9, TableType.MergeOnRead);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        Assert.NotNull(await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 }));
        await table.WriteAsync(WriteOperation.InsertOverwriteTable, Rows(TestTable.Of(7, 1)));
        Assert.Single(await table.ExecuteCompactionAsync());
        Assert.Equal("k007 b 1 text 1", await TestTable.ReadAsync(store));
        await MetadataCheck.RunAsync(store, "at the end");
    }
}
