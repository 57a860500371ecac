using OllaLab.Lakehouse.Sql;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Sql.Tests;

public sealed class UpdateTests
{
    private const string Ddl = "id string, a int, b bigint, c string, n decimal(10,2), at timestamp, tags array<string>, s struct<x:int,y:string>, p string";

    [Theory]
    [InlineData("a = 1", "a:1")]
    [InlineData(" a = b + 1 , c='x, y' ", "a:b + 1|c:'x, y'")]
    [InlineData("\"odd name\" = f(a, [1,2], 'it''s'), b=(a, 2)", "odd name:f(a, [1,2], 'it''s')|b:(a, 2)")]
    public void Assignments_are_taken_apart(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', SetClause.Parse(text).Select(s => s.Key + ":" + s.Value)));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("a =")]
    [InlineData("a = 1,")]
    [InlineData("a = (1")]
    [InlineData("a = 'x")]
    [InlineData("a = 1, a = 2")]
    [InlineData("= 1")]
    public void What_is_no_assignment_is_refused(string text) =>
        Assert.Equal(LakehouseErrorKind.InvalidInput, Assert.Throws<LakehouseException>(() => SetClause.Parse(text)).Kind);

    [Fact]
    public async Task Columns_are_set_to_expressions_of_the_row()
    {
        await using var table = await LakehouseTable.CreateAsync(
            new MemoryObjectStore("updates"), TableSchema.FromDdl(Ddl, "t"), new TableOptions { Name = "t", Type = TableType.MergeOnRead, Keys = ["id"], Partitions = ["p"] }, null, default);
        var lines = string.Join('\n', Enumerable.Range(0, 30).Select(i => $$"""{"id":"k{{i:00}}","a":{{i}},"b":{{i * 10}},"c":"c{{i}}","n":{{i}}.25,"at":"2026-01-01T00:00:00Z","tags":["t"],"s":{"x":{{i}},"y":"y"},"p":"{{(i % 2 == 0 ? "even" : "odd")}}"}"""));
        await table.UpsertAsync(JsonLinesReader.ReadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(lines)), (await (await table.RefreshAsync()).GetSchemaAsync()).Arrow));

        var done = await table.UpdateAsync("a = b + 1, b = a, c = upper(c) || '!', n = n * 2, \"at\" = \"at\" + INTERVAL 1 DAY, tags = list_append(tags, c), s = struct_pack(x := a, y := NULL)", "p = 'odd' AND a < 6");

        Assert.Equal(3, done.Updated);
        await using var sql = LakehouseSql.Open(("t", table));
        Assert.Equal(
            ["11 1 C1! 2.50 2026-01-02 [t, c1] 1", "31 3 C3! 6.50 2026-01-02 [t, c3] 3", "51 5 C5! 10.50 2026-01-02 [t, c5] 5"],
            await TextAsync(sql, "SELECT concat_ws(' ', a, b, c, n, CAST(\"at\" AS DATE), tags, s.x) FROM t WHERE c LIKE '%!' ORDER BY id"));
        Assert.Equal(["27"], await TextAsync(sql, "SELECT CAST(count(*) AS VARCHAR) FROM t WHERE c NOT LIKE '%!' AND b = a * 10"));
        foreach (var (set, where) in new[] { ("a = 'x'", null), ("a = nothing", null), ("p = 'x'", null), ("a = 1", "q = 1"), ("a = ", null) })
        {
            Assert.Equal(LakehouseErrorKind.InvalidInput, (await Assert.ThrowsAsync<LakehouseException>(() => table.UpdateAsync(set, where))).Kind);
        }
    }

    private static async Task<List<string>> TextAsync(LakehouseSql sql, string statement)
    {
        var rows = new List<string>();
        await using var reader = await sql.ExecuteReaderAsync(statement);
        while (await reader.ReadAsync())
        {
            rows.Add(reader.GetString(0));
        }

        return rows;
    }
}
