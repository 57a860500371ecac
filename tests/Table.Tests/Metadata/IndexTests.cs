using Apache.Arrow;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Table.Tests.Goldens;
using OllaLab.Lakehouse.Tests.BadInput;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Metadata;

/// <summary>Indexes that are created, planned, built beside writers, and dropped.</summary>
public sealed class IndexTests
{
    private const string ByText = "secondary_index_idx_text";
    private const string ByNumber = "secondary_index_n";

    private static readonly IndexOptions Few = new() { Properties = new Dictionary<string, string> { ["hoodie.metadata.record.index.min.filegroup.count"] = "3" } };

    [Theory]
    [InlineData(TableType.CopyOnWrite, 9)]
    [InlineData(TableType.MergeOnRead, 9)]
    [InlineData(TableType.MergeOnRead, 8)]
    public async Task Created_indexes_are_kept_right(TableType type, int version)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        Assert.Equal(MetadataPartitions.RecordIndex, await table.CreateIndexAsync(IndexKind.RecordLevel, Few));
        Assert.Equal(ByText, await table.CreateIndexAsync(IndexKind.Secondary, new IndexOptions { Column = "text", Properties = Few.Properties }));
        Assert.Equal(ByNumber, await table.CreateIndexAsync(IndexKind.Secondary, new IndexOptions { Column = "ts", Name = "n", Properties = Few.Properties }));
        await table.CreateIndexAsync(IndexKind.BloomFilters);
        await CheckAsync(store, "created");
        Assert.Equal(
            ["bloom_filters", "column_stats", "partition_stats", "record_index", ByText, ByNumber],
            (await table.GetIndexesAsync()).Where(i => i is { State: "ready", Instant: null }).Select(i => i.Name));
        Assert.Equal(3, (await table.GetIndexesAsync()).Single(i => i.Name == ByText).FileGroups);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 7), TestTable.Of(2, 7), TestTable.Of(3, 7, deleted: true), TestTable.Of(300, 7) with { Text = null }, TestTable.Of(302, 7) with { Text = "a$b\\" }])]);
        await CheckAsync(store, "upsert");
        await table.DeleteAsync([Row.ToBatch([TestTable.Of(0, 0), TestTable.Of(300, 0)])]);
        await CheckAsync(store, "delete");
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 9), TestTable.Of(3, 9)])], new WriteOptions { Index = IndexType.GlobalRecordLevel });
        await CheckAsync(store, "what was deleted comes back");
        await table.BulkInsertAsync([Row.ToBatch([TestTable.Of(400, 1)])]);
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync();
            await CheckAsync(store, "compaction");
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 20), TestTable.Of(3, 20)])]);
        }

        await table.DeletePartitionsAsync(["a"]);
        await CheckAsync(store, "partition deleted");
    }

    [Fact]
    public async Task Writes_go_on_while_an_index_is_built()
    {
        foreach (var type in Enum.GetValues<TableType>())
        {
            var store = await TestTable.MakeAsync(9, type);
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.CreateIndexAsync(IndexKind.RecordLevel, Few);

            var held = new PausingStore(store);
            await using var indexer = await LakehouseTable.OpenAsync(held, TestTable.Resources);
            var instant = await indexer.ScheduleIndexAsync(IndexKind.Secondary, new IndexOptions { Column = "text" });
            Assert.Equal("planned", (await table.GetIndexesAsync()).Single(i => i.Name == ByText).State);
            held.PauseWhen = async path => path.EndsWith(".parquet", StringComparison.Ordinal) && (await table.GetIndexesAsync()).Single(i => i.Name == ByText).State == "inflight";
            var building = indexer.ExecuteIndexesAsync(instant);
            await held.Paused.Task;
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 7), TestTable.Of(300, 7)])]);
            await table.DeleteAsync([Row.ToBatch([TestTable.Of(2, 0)])]);
            held.Go.SetResult();
            Assert.Equal([instant!], await building);
            await SecondaryIndexCheck.RunAsync(store, ByText, "text", $"{type}");
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 8)])]);
            await SecondaryIndexCheck.RunAsync(store, ByText, "text", $"{type}, afterwards");
            Assert.Equal(Actions.Indexing, (await table.RefreshAsync()).Timeline.Find(instant!).Single(i => i.IsCompleted).Action);
        }
    }

    [Theory]
    [InlineData(Fault.Before, TableType.CopyOnWrite)]
    [InlineData(Fault.LostReply, TableType.MergeOnRead)]
    public async Task Each_change_of_an_indexing_may_fail(Fault fault, TableType type)
    {
        var original = await TestTable.MakeAsync(9, type);
        await using (var table = await LakehouseTable.OpenAsync(original, TestTable.Resources))
        {
            await table.ScheduleIndexAsync(IndexKind.RecordLevel);
        }

        var before = await TestTable.ReadAsync(original);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var plan = FaultPlan.At(n, fault, dies: true);
            await Record.ExceptionAsync(async () =>
            {
                await using var dying = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), TestTable.Resources);
                await dying.ExecuteIndexesAsync(options: Few);
            });
            if (!plan.Fired)
            {
                Assert.True(n > 8);
                break;
            }

            await plan.ReleaseDelayedAsync();
            var where = $"{type} {fault}: {plan.Log.First(o => o.Failed is not null)}";
            Assert.Equal(before, await TestTable.ReadAsync(store));
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 7), TestTable.Of(300, 7)])]);
            await table.ExecuteIndexesAsync(options: Few);
            await RecordIndexCheck.RunAsync(store, where);
            Assert.Equal("ready", (await table.GetIndexesAsync()).Single(i => i.Name == MetadataPartitions.RecordIndex).State);
            Assert.Empty((await table.RefreshAsync()).Timeline.Pending);
        }
    }

    [Theory]
    [InlineData("v9/mor_secondary_index")]
    [InlineData("v8/mor_secondary_index")]
    public async Task Hudis_secondary_indexes_are_kept_right(string golden)
    {
        var store = await TestTable.CopyAsync(new LocalObjectStore(Golden.Open(golden).Table));
        await using var table = await LakehouseTable.OpenAsync(store);
        const string Index = "secondary_index_idx_rider";
        await SecondaryIndexCheck.RunAsync(store, Index, "rider", "as Hudi left it");
        var schema = await (await table.RefreshAsync()).GetSchemaAsync();
        var names = schema.Arrow.FieldsList.Select(f => f.Name).ToList();
        await table.DeleteAsync(table.ReadAsync(new ReadOptions { Columns = names, Where = Predicates.Column("rider") == "r1" }));
        await SecondaryIndexCheck.RunAsync(store, Index, "rider", "our delete");
        await RecordIndexCheck.RunAsync(store, "our delete");
        await table.CompactAsync();
        await SecondaryIndexCheck.RunAsync(store, Index, "rider", "our compaction");
    }

    [Theory]
    [InlineData("v6/cow_metadata_indexes")]
    [InlineData("v6/mor_metadata_indexes")]
    public async Task The_record_index_of_version_6_is_kept_right(string golden)
    {
        var store = await TestTable.CopyAsync(new LocalObjectStore(Golden.Open(golden).Table));
        await using var table = await LakehouseTable.OpenAsync(store);
        await RecordIndexCheck.RunAsync(store, "as Hudi left it");
        var own = await table.ReadAsync().ToListAsync();
        RecordBatch Rows(int from, int count)
        {
            var some = own[0].Slice(from, count);
            return new RecordBatch(new Schema(some.Schema.FieldsList.Skip(5), null), some.Arrays.Skip(5), some.Length);
        }

        var rows = Rows(0, 3);
        await table.DeleteAsync([rows]);
        await RecordIndexCheck.RunAsync(store, "our delete");
        await table.UpsertAsync([rows]);
        await RecordIndexCheck.RunAsync(store, "what was deleted comes back");
        Assert.Contains(MetadataPartitions.RecordIndex, (await table.RefreshAsync()).Config.MetadataPartitions);
    }

    [Theory]
    [InlineData("expr_index_day", "idx_of_another_time")]
    [InlineData("vector_index_v", "vector_index_v")]
    public async Task An_index_that_cannot_be_kept_right_is_refused_by_name_and_dropped_on_request(string index, string other)
    {
        var store = await TestTable.MakeAsync(9, TableType.MergeOnRead);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var state = await table.RefreshAsync();
        await TableConfigFile.UpdateAsync(
            store, new Dictionary<string, string?> { ["hoodie.table.metadata.partitions"] = string.Join(',', [.. state.Config.MetadataPartitions, index]) }, TestTable.Resources.Environment, default);
        var definitions = await IndexDefinitions.ReadAsync(store, default);
        definitions.Set(new IndexDefinition(index, "column_stats", "from_unixtime", ["ts"], new Dictionary<string, string> { ["expr"] = "from_unixtime" }, 2));
        await definitions.WriteAsync(store, default);
        var rows = await TestTable.ReadAsync(table);
        RecordBatch[] batch = [Row.ToBatch([TestTable.Of(1, 7)])];
        await Refusal.OfAsync(store, () => table.UpsertAsync(batch), LakehouseErrorKind.Unsupported, index, "from_unixtime(ts)", "index drop");
        await Refusal.OfAsync(store, () => table.DeletePartitionsAsync(["a"]), LakehouseErrorKind.Unsupported, index);
        await Refusal.OfAsync(store, () => table.CompactAsync(), LakehouseErrorKind.Unsupported, index);
        Assert.Equal(rows, await TestTable.ReadAsync(table));
        Assert.Equal(["ts"], (await table.GetIndexesAsync()).Single(i => i.Name == index).Columns);
        Assert.Equal(other == index, await table.DropIndexAsync(other));
        Assert.Equal(other != index, await table.DropIndexAsync(index.Replace("expr_index_", string.Empty, StringComparison.Ordinal)));
        Assert.DoesNotContain(await table.GetIndexesAsync(), i => i.Name == index);
        await table.UpsertAsync(batch);
    }

    [Fact]
    public async Task Dropped_indexes_stay_away()
    {
        var store = await TestTable.MakeAsync(9, TableType.CopyOnWrite, MetadataOptions.GlobalRecordIndexKey);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        await table.CreateIndexAsync(IndexKind.Secondary, new IndexOptions { Column = "text" });
        Assert.False(await table.DropIndexAsync("idx_other"));
        Assert.True(await table.DropIndexAsync(MetadataPartitions.ColumnStats));
        Assert.True(await table.DropIndexAsync(MetadataPartitions.RecordIndex));
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 7)])]);
        Assert.Empty(await table.GetIndexesAsync());
        await table.ScheduleIndexAsync(IndexKind.RecordLevel);
        Assert.True(await table.DropIndexAsync(MetadataPartitions.RecordIndex));
        Assert.Empty((await table.RefreshAsync()).Timeline.Pending);
        await table.CreateIndexAsync(IndexKind.ColumnStats);
        await table.CreateIndexAsync(IndexKind.PartitionStats);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 8)])]);
        Assert.Equal(["column_stats", "partition_stats"], (await table.GetIndexesAsync()).Select(i => i.Name));
        Assert.Equal(TestTable.First.Count, (await TestTable.ReadAsync(store)).Split('\n').Length);
    }

    [Fact]
    public async Task What_makes_no_index_is_refused()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        await RefusedAsync(LakehouseErrorKind.InvalidInput, "record_index", () => table.CreateIndexAsync(IndexKind.Secondary, new IndexOptions { Column = "text" }));
        await RefusedAsync(LakehouseErrorKind.InvalidInput, "column_stats already", () => table.CreateIndexAsync(IndexKind.ColumnStats));
        await table.CreateIndexAsync(IndexKind.RecordLevel);
        await RefusedAsync(LakehouseErrorKind.InvalidInput, "'nothing'", () => table.CreateIndexAsync(IndexKind.Secondary, new IndexOptions { Column = "nothing" }));
        await RefusedAsync(LakehouseErrorKind.InvalidInput, "needs a column", () => table.CreateIndexAsync(IndexKind.Secondary));
        await RefusedAsync(LakehouseErrorKind.NotFound, "No indexing", () => table.ExecuteIndexesAsync("20260101000000000"));
        await table.ScheduleIndexAsync(IndexKind.BloomFilters);
        await RefusedAsync(LakehouseErrorKind.Conflict, "planned already", () => table.CreateIndexAsync(IndexKind.BloomFilters));
        await using var old = await LakehouseTable.OpenAsync(await TestTable.MakeAsync(6), TestTable.Resources);
        await RefusedAsync(LakehouseErrorKind.Unsupported, "version 8", () => old.CreateIndexAsync(IndexKind.RecordLevel));
    }

    private static async Task RefusedAsync(LakehouseErrorKind kind, string problem, Func<Task> action)
    {
        var refusal = await Assert.ThrowsAsync<LakehouseException>(action);
        Assert.Equal(kind, refusal.Kind);
        Assert.Contains(problem, refusal.Message, StringComparison.Ordinal);
        Assert.NotNull(refusal.Remedy);
    }

    private static async Task CheckAsync(IObjectStore store, string where)
    {
        await RecordIndexCheck.RunAsync(store, where);
        await SecondaryIndexCheck.RunAsync(store, ByText, "text", where);
        await SecondaryIndexCheck.RunAsync(store, ByNumber, "ts", where);
    }
}
