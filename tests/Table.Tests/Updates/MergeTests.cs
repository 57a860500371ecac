using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Tests.Updates;

/// <summary>Merges by clauses.</summary>
public sealed class MergeTests
{
    // What comes: an id, the partition, a number and a word.
    private static RecordBatch Source(params (string Id, string Part, int Number, string Word)[] rows) => new(
        new Schema([new("id", StringType.Default, false), new("part", StringType.Default, false), new("ts", Int64Type.Default, false), new("number", Int32Type.Default, false), new("word", StringType.Default, false)], null),
        [
            new StringArray.Builder().AppendRange(rows.Select(r => r.Id)).Build(),
            new StringArray.Builder().AppendRange(rows.Select(r => r.Part)).Build(),
            new Int64Array.Builder().AppendRange(rows.Select(_ => 9L)).Build(),
            new Int32Array.Builder().AppendRange(rows.Select(r => r.Number)).Build(),
            new StringArray.Builder().AppendRange(rows.Select(r => r.Word)).Build(),
        ],
        rows.Length);

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task The_first_clause_that_holds_applies_in_one_commit(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var commits = (await table.RefreshAsync()).Timeline.CompletedWrites.Count();
        var before = (await TestTable.ReadAsync(table)).Split('\n');
        var done = await table.Merge([Source(("k000", "a", 0, "go"), ("k001", "b", 5, "set"), ("k002", "a", 5, "all"), ("k003", "b", 5, "leave"), ("k004", "b", 5, "new"), ("k900", "a", 1, "new"), ("k901", "a", 1, "not"))])
            .WhenMatchedDelete(Column("source.word") == "go")
            .WhenMatchedUpdate(Column("source.word") == "set" & Column("target.part") == "b", new Dictionary<string, Assignment> { ["text"] = Assignment.Column("source.word"), ["number"] = Assignment.Computed(r => r.Column("target.number")) })
            .WhenMatchedUpdate(Column("source.word") == "all")
            .WhenNotMatchedInsert(Column("source.word") == "new", new Dictionary<string, Assignment> { ["text"] = Assignment.Value("made"), ["ts"] = Assignment.Value(3) })
            .ExecuteAsync();
        Assert.Equal((5, 2, 2, 1), (done.InputRows, done.Inserted, done.Updated, done.Deleted));

        // A key is one in its partition: k004 of b is another than that of a.
        var after = before.Where(r => !r.StartsWith("k000", StringComparison.Ordinal))
            .Select(r => r.StartsWith("k001", StringComparison.Ordinal) ? r[..(r.IndexOf("text", StringComparison.Ordinal))] + "set" : r.StartsWith("k002", StringComparison.Ordinal) ? $"k002 a 9 {r[(r.IndexOf("text", StringComparison.Ordinal))..]}" : r)
            .Append("k004 b 3 made").Append("k900 a 3 made").Order(StringComparer.Ordinal);
        Assert.Equal(after, (await TestTable.ReadAsync(table)).Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal(commits + 1, (await table.RefreshAsync()).Timeline.CompletedWrites.Count());
        await MetadataCheck.RunAsync(store, "merge");
    }

    [Fact]
    public async Task A_merge_that_changes_nothing_makes_no_commit()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var before = await TestTable.ListAsync(store);
        Assert.Null((await table.Merge([Source(("k000", "a", 0, "x"))]).WhenNotMatchedInsert().ExecuteAsync()).Instant);
        Assert.Null((await table.Merge([Source(("k999", "a", 0, "x"))]).WhenMatchedDelete().WhenMatchedUpdate().ExecuteAsync()).Instant);
        Assert.Null((await table.Merge(System.Array.Empty<RecordBatch>()).WhenMatchedDelete().ExecuteAsync()).Instant);
        Assert.Equal(before, await TestTable.ListAsync(store));
    }

    [Fact]
    public async Task What_cannot_be_merged_is_refused_and_nothing_changes()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        await table.InsertAsync([Row.ToBatch([TestTable.Of(1, 5)])]);
        var before = await TestTable.ListAsync(store);
        async Task Refused(string problem, MergeBuilder merge) => Assert.Contains(problem, (await Assert.ThrowsAsync<LakehouseException>(() => merge.ExecuteAsync())).Message, StringComparison.Ordinal);
        MergeBuilder Merge() => table.Merge([Source(("k000", "a", 0, "x"))]);
        await Refused("no clause", Merge());
        await Refused("two rows of the key 'k000'", table.Merge([Source(("k000", "a", 0, "x")), Source(("k000", "a", 1, "y"))]).WhenMatchedUpdate());
        await Refused("stored more than once", table.Merge([Source(("k001", "b", 0, "x"))]).WhenMatchedUpdate());
        await Refused("'part' makes the row's key or partition", Merge().WhenMatchedUpdate(set: new Dictionary<string, Assignment> { ["part"] = Assignment.Value("b") }));
        await Refused("'other' is not one of the table's", Merge().WhenNotMatchedInsert(set: new Dictionary<string, Assignment> { ["other"] = Assignment.Value("b") }));
        await Refused("source.other", Merge().WhenMatchedDelete(Column("source.other") == 1));
        await Refused("2 answers for 1 rows", Merge().WhenMatchedDelete(_ => new BooleanArray.Builder().Append(true).Append(true).Build()));
        await Refused("differ in their columns", table.Merge([Source(("k000", "a", 0, "x")), Row.ToBatch([TestTable.Of(7, 5)])]).WhenMatchedUpdate());
        await Refused("number", Merge().WhenMatchedUpdate(set: new Dictionary<string, Assignment> { ["number"] = Assignment.Value("no number") }));
        Assert.Equal(before, await TestTable.ListAsync(store));
    }

    [Fact]
    public async Task An_updated_row_with_a_lower_ordering_value_loses_as_any_upsert_does()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var before = await TestTable.ReadAsync(table);
        await table.Merge([Source(("k000", "a", 0, "x"))]).WhenMatchedUpdate(set: new Dictionary<string, Assignment> { ["ts"] = Assignment.Value(-1), ["text"] = Assignment.Column("source.word") }).ExecuteAsync();
        Assert.Equal(before, await TestTable.ReadAsync(table));
    }
}
