using DuckDB.NET.Data;

namespace OllaLab.Lakehouse.Sql.Tests;

/// <summary>Files whose columns are not the table's of today are shown as a read shows them. The files are rewritten behind the metadata table's back, so it is not used.</summary>
public class OlderFilesTests
{
    private const string Columns = "id string, n bigint, x double, s string, d decimal(12,2), at timestamp, nested struct<a: bigint, b: string>, tags array<bigint>, m map<string, bigint>, t array<struct<v: double>>";

    private const string Row = """{"id":"a","n":7,"x":1.5,"s":"12","d":3.50,"at":"2026-01-01T10:00:00Z","nested":{"a":1,"b":null},"tags":[1,null,3],"m":{"k":2},"t":[{"v":0.5},null]}""";

    [Fact]
    public async Task Narrower_types_and_missing_fields_become_the_table_s()
    {
        await using var t = await TestTable.CreateAsync(Columns, new() { Keys = ["id"] }, useMetadata: false);
        await t.WriteAsync(Row, """{"id":"b"}""");
        await Rewrite(
            t.Table,
            "_hoodie_commit_time, _hoodie_commit_seqno, _hoodie_record_key, _hoodie_partition_path, _hoodie_file_name, id, n::INTEGER AS n, x::FLOAT AS x, s::INTEGER AS s, d::DECIMAL(10,1) AS d, \"at\"::TIMESTAMP AS \"at\", "
            + "CASE WHEN nested IS NOT NULL THEN {'a': nested.a::INTEGER} END AS nested, tags::INTEGER[] AS tags, m::MAP(VARCHAR, INTEGER) AS m, t::STRUCT(v FLOAT)[] AS t");
        await t.WriteAsync(Row.Replace("\"a\",", "\"c\",", StringComparison.Ordinal));
        await using var sql = LakehouseSql.Open(("t", t.Table));
        await sql.ExecuteAsync("SET TimeZone = 'Asia/Tokyo'");
        var schema = await t.Table.GetSchemaAsync();
        var expected = await Rows.LinesAsync(t.Table.ReadAsync(), schema);
        Assert.Equal(3, expected.Count);
        Assert.Equal(expected, await Rows.LinesAsync(sql.QueryAsync("FROM t"), schema));

        // Both kinds of files hold the value; a statistic of the narrower type counts too.
        await using var reader = await sql.ExecuteReaderAsync("SELECT count(*) FROM t WHERE n = 7 AND x < 2 AND d BETWEEN 3 AND 4 AND s = '12'");
        Assert.True(await reader.ReadAsync());
        Assert.Equal(2L, reader.GetInt64(0));
    }

    [Fact]
    public async Task A_partition_column_that_files_lack_is_taken_from_the_path()
    {
        await using var t = await TestTable.CreateAsync("id string, day date, n int, city string", new() { Keys = ["id"], Partitions = ["day", "n", "city"], HiveStylePartitioning = true }, useMetadata: false);
        await t.WriteAsync(
            """{"id":"a","day":"2026-01-01","n":1,"city":"oslo"}""", """{"id":"b","day":"2026-01-02","n":2,"city":"it's"}""", """{"id":"c","day":"2026-01-02","n":2,"city":null}""");
        await Rewrite(t.Table, "* EXCLUDE (day, n, city)");
        await using var sql = LakehouseSql.Open(("t", t.Table));
        var schema = await t.Table.GetSchemaAsync();
        var expected = await Rows.LinesAsync(t.Table.ReadAsync(), schema);
        Assert.Contains(expected, l => l.Contains("\"city\":\"it's\"", StringComparison.Ordinal));
        Assert.Equal(expected, await Rows.LinesAsync(sql.QueryAsync("FROM t"), schema));
        Assert.Single(await Rows.LinesAsync(sql.QueryAsync("SELECT id FROM t WHERE day > '2026-01-01' AND city = 'it''s'")));
        Assert.Single(await Rows.LinesAsync(sql.QueryAsync("SELECT id FROM t WHERE city IS NULL")));
    }

    [Fact]
    public async Task A_type_that_cannot_become_the_table_s_is_refused_with_the_file()
    {
        await using var t = await TestTable.CreateAsync("id string, n bigint, s string", new() { Keys = ["id"] }, useMetadata: false);
        await t.WriteAsync("""{"id":"a","n":7,"s":"x"}""");
        await using var sql = LakehouseSql.Open(("t", t.Table));
        await Rewrite(t.Table, "* REPLACE ('x' AS n)");
        var read = await Assert.ThrowsAsync<LakehouseException>(() => Rows.LinesAsync(t.Table.ReadAsync()));
        var error = await Assert.ThrowsAsync<LakehouseException>(() => Rows.LinesAsync(sql.QueryAsync("SELECT id FROM t")));
        Assert.Equal((read.Kind, read.Path), (error.Kind, error.Path));
        await Rewrite(t.Table, "* REPLACE (7::BIGINT AS n, 1.5::DOUBLE AS s)");
        await using var again = LakehouseSql.Open(("t", t.Table));
        error = await Assert.ThrowsAsync<LakehouseException>(() => Rows.LinesAsync(again.QueryAsync("SELECT id FROM t")));
        Assert.Equal(LakehouseErrorKind.Unsupported, error.Kind);
        Assert.Contains("\"s\" is a DOUBLE", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Writes all base files of a table again with other columns.</summary>
    private static async Task Rewrite(LakehouseTable table, string columns)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync();
        using var command = connection.CreateCommand();
        foreach (var file in Directory.EnumerateFiles(table.Location, "*.parquet", SearchOption.AllDirectories).ToList())
        {
            var path = file.Replace("'", "''", StringComparison.Ordinal);
            command.CommandText = $"SET TimeZone = 'UTC'; COPY (SELECT {columns} FROM read_parquet('{path}', hive_partitioning = false)) TO '{path}.new' (FORMAT parquet)";
            command.ExecuteNonQuery();
            File.Move(file + ".new", file, overwrite: true);
        }
    }
}
