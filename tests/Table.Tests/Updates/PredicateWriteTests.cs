using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Tests.Updates;

/// <summary>Rows deleted and updated by condition, against the same on a list.</summary>
public sealed class PredicateWriteTests
{
    public static TheoryData<int, TableType> Tables => new()
    {
        { 9, TableType.CopyOnWrite }, { 9, TableType.MergeOnRead }, { 8, TableType.CopyOnWrite }, { 6, TableType.MergeOnRead },
    };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Rows_are_deleted_by_condition_in_one_commit(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var before = (await TestTable.ReadAsync(table)).Split('\n');
        var commits = (await table.RefreshAsync()).Timeline.CompletedWrites.Count();
        var done = await table.DeleteAsync(Column("number") >= 5 & Column("number") < 9 & Column("part") == "a");
        Assert.Equal(2, done.Deleted);
        Assert.Equal(before.Where(r => !r.StartsWith("k006", StringComparison.Ordinal) && !r.StartsWith("k008", StringComparison.Ordinal)), (await TestTable.ReadAsync(table)).Split('\n'));
        var timeline = (await table.RefreshAsync()).Timeline;
        Assert.Equal(commits + 1, timeline.CompletedWrites.Count());
        Assert.Equal("DELETE", (await (await table.RefreshAsync()).Client.ReadCommitMetadataAsync(timeline.LatestCompletedWrite!)).OperationType);
        Assert.Null((await table.DeleteAsync(Column("id") == "nobody")).Instant);
        await MetadataCheck.RunAsync(store, "delete");
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Columns_are_set_by_condition_in_one_commit(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var before = await RowsAsync(table);
        var done = await table.UpdateAsync(Column("number") > 20, new Dictionary<string, Assignment>
        {
            ["text"] = Assignment.Value("new"),
            ["number"] = Assignment.Computed(rows => new Int64Array.Builder().AppendRange(((Int32Array)rows.Column("number")).Select(n => n!.Value * 2L)).Build()),
        });
        Assert.Equal(9, done.Updated);
        Assert.Equal(before.Select(r => r.Number > 20 ? r with { Text = "new", Number = r.Number * 2 } : r), await RowsAsync(table));
        await table.UpdateAsync(null, new Dictionary<string, Assignment> { ["text"] = Assignment.Column("id"), ["number"] = Assignment.Value(null) });
        Assert.All(await RowsAsync(table), r => Assert.Equal((r.Id, null), (r.Text, r.Number)));
        Assert.Equal("UPSERT", (await (await table.RefreshAsync()).Client.ReadCommitMetadataAsync((await table.RefreshAsync()).Timeline.LatestCompletedWrite!)).OperationType);
        await MetadataCheck.RunAsync(store, "update");
    }

    [Theory]
    [InlineData("id", "key or partition")]
    [InlineData("part", "key or partition")]
    [InlineData("ts", "orders")]
    [InlineData("other", "is not one of the table's")]
    public async Task What_cannot_be_set_is_refused_and_nothing_changes(string column, string problem)
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var before = await TestTable.ListAsync(store);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => table.UpdateAsync(null, new Dictionary<string, Assignment> { [column] = Assignment.Value("x") }));
        Assert.Equal(LakehouseErrorKind.InvalidInput, error.Kind);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LakehouseException>(() => table.UpdateAsync(null, new Dictionary<string, Assignment> { ["number"] = Assignment.Value("no number") }));
        await Assert.ThrowsAsync<LakehouseException>(() => table.UpdateAsync(null, new Dictionary<string, Assignment>()));
        await Assert.ThrowsAsync<LakehouseException>(() => table.DeleteAsync(Column("other") == 1));
        Assert.Equal(before, await TestTable.ListAsync(store));
    }

    [Fact]
    public async Task Values_of_all_kinds_become_the_columns_type()
    {
        var schema = OllaLab.Lakehouse.Schemas.TableSchema.FromDdl("id string, b boolean, i int, l bigint, f float, d double, n decimal(10,2), t string, day date, at timestamp, bin binary", "t");
        await using var table = await LakehouseTable.CreateAsync(new MemoryObjectStore("values"), schema, new TableOptions { Name = "t", Keys = ["id"] }, null, default);
        var empty = new RecordBatch(new Schema([new Field("id", StringType.Default, false)], null), [new StringArray.Builder().Append("k").Build()], 1);
        await table.UpsertAsync([empty]);
        var at = new DateTimeOffset(2026, 11, 25, 1, 2, 3, TimeSpan.Zero).AddTicks(4560);
        await table.UpdateAsync(null, new Dictionary<string, Assignment>
        {
            ["b"] = Assignment.Value(true), ["i"] = Assignment.Value((short)-3), ["l"] = Assignment.Value(1L << 40), ["f"] = Assignment.Value(1.5f), ["d"] = Assignment.Value(2.25),
            ["n"] = Assignment.Value(12.5m), ["t"] = Assignment.Value("ü"), ["day"] = Assignment.Value(new DateOnly(1960, 2, 29)), ["at"] = Assignment.Value(at), ["bin"] = Assignment.Value(new byte[] { 1, 0, 255 }),
        });
        await foreach (var row in table.ReadAsync(new ReadOptions { Columns = ["b", "i", "l", "f", "d", "n", "t", "day", "at", "bin"] }))
        {
            Assert.True(((BooleanArray)row.Column(0)).GetValue(0));
            Assert.Equal(-3, ((Int32Array)row.Column(1)).GetValue(0));
            Assert.Equal(1L << 40, ((Int64Array)row.Column(2)).GetValue(0));
            Assert.Equal(1.5f, ((FloatArray)row.Column(3)).GetValue(0));
            Assert.Equal(2.25, ((DoubleArray)row.Column(4)).GetValue(0));
            Assert.Equal(12.5m, ((Decimal128Array)row.Column(5)).GetValue(0));
            Assert.Equal("ü", ((StringArray)row.Column(6)).GetString(0));
            Assert.Equal(new DateTime(1960, 2, 29), ((Date32Array)row.Column(7)).GetDateTime(0));
            Assert.Equal(at, ((TimestampArray)row.Column(8)).GetTimestamp(0));
            Assert.Equal([1, 0, 255], ((BinaryArray)row.Column(9)).GetBytes(0).ToArray());
        }

        Assert.Throws<ArgumentException>(() => Assignment.Value(new Version(1, 2)));
    }

    private static async Task<List<Row>> RowsAsync(LakehouseTable table)
    {
        var rows = new List<Row>();
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = ["id", "part", "ts", "text", "number"] }))
        {
            var (id, part, ts, text, number) = ((StringArray)batch.Column(0), (StringArray)batch.Column(1), (Int64Array)batch.Column(2), (StringArray)batch.Column(3), (Int32Array)batch.Column(4));
            rows.AddRange(Enumerable.Range(0, batch.Length).Select(i => new Row(id.GetString(i), part.GetString(i), ts.GetValue(i)!.Value, text.GetString(i), number.GetValue(i), null)));
        }

        return [.. rows.OrderBy(r => r.Id, StringComparer.Ordinal)];
    }
}
