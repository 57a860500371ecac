using DuckDB.NET.Data;

namespace OllaLab.Lakehouse.Sql.Tests;

public class LakehouseSqlTests
{
    private const string Trips = "id string, city string, fare double, n int, day date";
    private static readonly TableOptions ByCity = new() { Keys = ["id"], Partitions = ["city"], Ordering = ["n"] };

    [Fact]
    public async Task Footers_are_kept_in_a_session_of_its_own_and_settings_of_others_stay()
    {
        using var own = LakehouseSql.Open();
        using var connection = new DuckDB.NET.Data.DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync();
        using var over = LakehouseSql.Over(connection);
        foreach (var (sql, expected) in new[] { (own, true), (over, false) })
        {
            using var reader = await sql.ExecuteReaderAsync("SELECT current_setting('parquet_metadata_cache')");
            Assert.True(await reader.ReadAsync());
            Assert.Equal(expected, reader.GetBoolean(0));
        }
    }

    [Fact]
    public async Task A_statement_sees_what_was_committed_before_it()
    {
        await using var t = await TestTable.CreateAsync(Trips, ByCity);
        await using var sql = LakehouseSql.Open(("trips", t.Table));
        Assert.Equal("0", await OneAsync(sql, "SELECT count(*) FROM trips"));
        var first = await t.WriteAsync("""{"id":"a","city":"oslo","fare":1.5,"n":1}""");
        Assert.Equal("1", await OneAsync(sql, "SELECT count(*) FROM trips"));
        await t.WriteAsync("""{"id":"b","city":"rome","fare":2.5,"n":2}""");
        Assert.Equal("2", await OneAsync(sql, "SELECT count(*) FROM trips"));
        sql.Register("before", t.Table, first.Instant);
        Assert.Equal("1|2", await OneAsync(sql, "SELECT (SELECT count(*) FROM before), (SELECT count(*) FROM TRIPS)"));
        sql.RegisterChanges("changes", t.Table, first.Completion);
        Assert.Equal("b", await OneAsync(sql, "SELECT id FROM changes"));
    }

    [Fact]
    public async Task Tables_join_and_results_are_copied_out()
    {
        await using var t = await TestTable.CreateAsync(Trips, ByCity);
        await using var c = await TestTable.CreateAsync("city string, country string", new() { Keys = ["city"] });
        await t.WriteAsync("""{"id":"a","city":"oslo","fare":1.5,"n":1}""", """{"id":"b","city":"rome","fare":2.5,"n":2}""");
        await c.WriteAsync("""{"city":"oslo","country":"no"}""", """{"city":"rome","country":"it"}""");
        await using var sql = LakehouseSql.Open(("trips", t.Table), ("cities", c.Table));
        Assert.Equal("a|no", await OneAsync(sql, "SELECT t.id, c.country FROM trips t JOIN cities c USING (city) WHERE t.city = 'oslo'"));
        var file = Path.Combine(Directory.CreateTempSubdirectory("lakehouse-copy-").FullName, "it's.parquet");
        await sql.ExecuteAsync($"COPY (SELECT id, fare FROM trips WHERE city = 'rome') TO '{file.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)");
        Assert.Equal("b|2.5", await OneAsync(sql, $"FROM read_parquet('{file.Replace("'", "''", StringComparison.Ordinal)}')"));
        await sql.ExecuteAsync("CREATE TABLE kept AS SELECT * FROM trips WHERE city = 'oslo'");
        Assert.Equal("a", await OneAsync(sql, "SELECT id FROM kept"));
        Assert.Equal("2", await OneAsync(sql, "SELECT count(*) FROM trips LEFT JOIN kept USING (id)"));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task Explain_shows_the_pruning()
    {
        await using var t = await TestTable.CreateAsync(Trips, ByCity);
        await t.WriteAsync("""{"id":"a","city":"oslo","fare":1.5,"n":1,"day":"2026-01-01"}""", """{"id":"b","city":"rome","fare":2.5,"n":2}""");
        await t.WriteAsync("""{"id":"c","city":"oslo","fare":1.5,"n":10,"day":"2026-02-01"}""", """{"id":"d","city":"bonn","fare":2.5,"n":20}""");
        await using var sql = LakehouseSql.Open(("trips", t.Table));
        Assert.Equal("trips: 4 of 4 files, no condition prunes them", await PrunedAsync(sql, "FROM trips"));
        Assert.StartsWith("trips: 2 of 4 files; partitions leave 2, statistics 2 of those", await PrunedAsync(sql, "FROM trips WHERE city = 'oslo'"), StringComparison.Ordinal);
        Assert.StartsWith("trips: 1 of 4 files; partitions leave 2, the metadata table 1, statistics 1 of those", await PrunedAsync(sql, "FROM trips WHERE city = 'oslo' AND n > 5"), StringComparison.Ordinal);
        Assert.StartsWith("trips: 1 of 4 files", await PrunedAsync(sql, "FROM trips WHERE city LIKE 'bo%'"), StringComparison.Ordinal);
        Assert.StartsWith("trips: 1 of 4 files", await PrunedAsync(sql, "FROM trips WHERE day < DATE '2026-01-15' ORDER BY fare LIMIT 3"), StringComparison.Ordinal);
        Assert.StartsWith("trips: 1 of 4 files", await PrunedAsync(sql, "SELECT count(*) FROM (SELECT id, n + 1 AS m, day AS d FROM trips) WHERE d >= DATE '2026-01-01' + INTERVAL 1 DAY"), StringComparison.Ordinal);
        Assert.StartsWith("trips: 3 of 4 files", await PrunedAsync(sql, "SELECT * FROM trips a JOIN trips b ON a.id = b.id WHERE a.city = 'oslo' AND b.n >= 20"), StringComparison.Ordinal);
        Assert.StartsWith("trips: 1 of 4 files", await PrunedAsync(sql, "WITH x AS MATERIALIZED (SELECT * FROM trips WHERE n IN (1, 3)) SELECT * FROM x a, x b"), StringComparison.Ordinal);
        Assert.StartsWith("trips: 0 of 4 files", await PrunedAsync(sql, "FROM trips WHERE city = 'nowhere'"), StringComparison.Ordinal);
        Assert.Equal("0", await OneAsync(sql, "SELECT count(*) FROM trips WHERE city = 'nowhere'"));

        // What chooses no rows of the table prunes none of its files.
        Assert.Contains("4 of 4", await PrunedAsync(sql, "SELECT * FROM (VALUES ('a')) v(x) LEFT JOIN trips ON city = x WHERE n > 5 OR n IS NULL"), StringComparison.Ordinal);
        Assert.Contains("4 of 4", await PrunedAsync(sql, "SELECT * FROM trips WHERE city = 'oslo' UNION ALL SELECT * FROM trips"), StringComparison.Ordinal);
        Assert.Contains("4 of 4", await PrunedAsync(sql, "SELECT * FROM (SELECT * FROM trips LIMIT 3) WHERE city = 'oslo'"), StringComparison.Ordinal);
        Assert.Contains("4 of 4", await PrunedAsync(sql, "SELECT * FROM trips QUALIFY row_number() OVER (PARTITION BY city ORDER BY n) = 1"), StringComparison.Ordinal);
        Assert.Contains("4 of 4", await PrunedAsync(sql, "SELECT * FROM trips WHERE city = 'oslo' OR random() < 0.5"), StringComparison.Ordinal);

        var plan = await OneAsync(sql, "EXPLAIN (FORMAT json) SELECT * FROM trips WHERE city = 'oslo'");
        Assert.Contains("READ_PARQUET", plan, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_connection_sees_whole_tables_after_a_refresh()
    {
        await using var t = await TestTable.CreateAsync(Trips, ByCity);
        await t.WriteAsync("""{"id":"a","city":"oslo","fare":1.5,"n":1}""", """{"id":"b","city":"rome","fare":2.5,"n":2}""");
        await using var sql = LakehouseSql.Open(("trips", t.Table));
        Assert.Equal("1", await OneAsync(sql, "SELECT count(*) FROM trips WHERE city = 'oslo'"));
        using var direct = sql.Connection.CreateCommand();
        direct.CommandText = "SELECT count(*) FROM trips";
        Assert.Contains("RefreshAsync", Assert.Throws<DuckDBException>(() => direct.ExecuteScalar()).Message, StringComparison.Ordinal);
        await sql.RefreshAsync();
        Assert.Equal(2L, direct.ExecuteScalar());
        Assert.Equal("1", await OneAsync(sql, "SELECT count(*) FROM trips WHERE city = 'oslo'"));
        Assert.Equal(2L, direct.ExecuteScalar());
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("two words")]
    [InlineData("quo\"te")]
    [InlineData("it's")]
    [InlineData("x'); DROP TABLE kept; --")]
    [InlineData("\"; DROP TABLE kept; --")]
    [InlineData("ünï ☃")]
    [InlineData("select")]
    [InlineData("a.b")]
    public async Task Any_name_is_a_name(string name)
    {
        await using var t = await TestTable.CreateAsync(Trips, ByCity);
        await t.WriteAsync("""{"id":"a","city":"oslo","fare":1.5,"n":1}""");
        await using var sql = LakehouseSql.Open((name, t.Table));
        await sql.ExecuteAsync("CREATE TABLE kept AS SELECT 1 AS one");
        var quoted = '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        Assert.Equal("a", await OneAsync(sql, $"SELECT id FROM {quoted} WHERE city = 'oslo'"));
        await sql.RefreshAsync();
        Assert.Equal("1", await OneAsync(sql, "FROM kept"));
        Assert.True(sql.Unregister(name));
        await Assert.ThrowsAsync<DuckDBException>(() => OneAsync(sql, $"SELECT id FROM {quoted}"));
    }

    [Theory]
    [InlineData("a*b", "axb")]
    [InlineData("[x]", "x")]
    [InlineData("q?", "qq")]
    [InlineData("it's", "its")]
    [InlineData("ü ☃", "u")]
    [InlineData("x=1", "x")]
    [InlineData("[a-z]*", "b")]
    public async Task Files_are_read_once_whatever_their_folders_are_called(string odd, string other)
    {
        await using var t = await TestTable.CreateAsync(Trips, ByCity, "t[1]*");
        foreach (var city in new[] { odd, other })
        {
            await t.WriteAsync($$"""{"id":"{{city}}","city":"{{city}}","fare":1.5,"n":1}""");
        }

        await using var sql = LakehouseSql.Open(("trips", t.Table));
        Assert.Equal("2|2", await OneAsync(sql, "SELECT count(*), count(DISTINCT id) FROM trips"));
        Assert.Equal($"{odd}|{odd}", await OneAsync(sql, $"SELECT id, city FROM trips WHERE city = '{odd.Replace("'", "''", StringComparison.Ordinal)}'"));
    }

    [Fact]
    public async Task Several_statements_and_statements_without_a_plan_see_whole_tables()
    {
        await using var t = await TestTable.CreateAsync(Trips, ByCity);
        await t.WriteAsync("""{"id":"a","city":"oslo","fare":1.5,"n":1}""", """{"id":"b","city":"rome","fare":2.5,"n":2}""");
        await using var sql = LakehouseSql.Open(("trips", t.Table));
        await using var reader = await sql.ExecuteReaderAsync("SELECT count(*) FROM trips WHERE city = 'oslo'; SELECT count(*) FROM trips");
        Assert.True(await reader.ReadAsync());
        Assert.Equal(1L, reader.GetInt64(0));
        Assert.True(await reader.NextResultAsync());
        Assert.True(await reader.ReadAsync());
        Assert.Equal(2L, reader.GetInt64(0));
    }

    [Fact]
    public async Task A_view_and_a_macro_of_the_users_are_seen_through()
    {
        await using var t = await TestTable.CreateAsync(Trips, ByCity);
        await t.WriteAsync("""{"id":"a","city":"oslo","fare":1.5,"n":1}""", """{"id":"b","city":"rome","fare":2.5,"n":2}""");
        await using var sql = LakehouseSql.Open(("trips", t.Table));
        await sql.ExecuteAsync("CREATE TEMP VIEW norway AS SELECT * FROM trips WHERE city = 'oslo'");
        await sql.ExecuteAsync("CREATE TEMP MACRO of(c) AS TABLE SELECT * FROM trips WHERE city = c");
        Assert.Equal("1|1|2", await OneAsync(sql, "SELECT (SELECT count(*) FROM norway), (SELECT count(*) FROM of('rome')), (SELECT count(*) FROM trips)"));
        Assert.Contains("1 of 2", await PrunedAsync(sql, "SELECT id FROM of('rome')"), StringComparison.Ordinal);
        Assert.Contains("1 of 2", await PrunedAsync(sql, "SELECT id FROM norway"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditions_mean_what_the_session_s_settings_say()
    {
        await using var t = await TestTable.CreateAsync("id string, at timestamp", new() { Keys = ["id"] });
        await t.WriteAsync("""{"id":"a","at":"2026-01-01T10:30:00Z"}""");
        await using var sql = LakehouseSql.Open(("t", t.Table));
        Assert.Equal("TIMESTAMP WITH TIME ZONE", await OneAsync(sql, "SELECT typeof(\"at\") FROM t"));
        Assert.Equal("1", await OneAsync(sql, "SELECT count(*) FROM t WHERE \"at\" = '2026-01-01 10:30:00'"));
        await sql.ExecuteAsync("SET TimeZone = 'Europe/Berlin'");
        Assert.Equal("0", await OneAsync(sql, "SELECT count(*) FROM t WHERE \"at\" = '2026-01-01 10:30:00'"));
        Assert.Equal("1", await OneAsync(sql, "SELECT count(*) FROM t WHERE \"at\" = '2026-01-01 11:30:00'"));
        await sql.ExecuteAsync("SET VARIABLE wanted = 'a'");
        Assert.Equal("1", await OneAsync(sql, "SELECT count(*) FROM t WHERE id = getvariable('wanted')"));
    }

    [Fact]
    public async Task A_table_that_is_not_on_the_disk_is_read()
    {
        var store = new Storage.MemoryObjectStore();
        await using var table = await LakehouseTable.CreateAsync(store, Schemas.TableSchema.FromDdl("id string", "t"), new() { Keys = ["id"] }, null, CancellationToken.None);
        using var input = new MemoryStream("{\"id\":\"a\"}"u8.ToArray());
        await table.BulkInsertAsync(Text.JsonLinesReader.ReadAsync(input, Schemas.TableSchema.FromDdl("id string", "t").Arrow));
        await using var sql = LakehouseSql.Open(("t", table));
        Assert.Equal("a", await OneAsync(sql, "SELECT id FROM t"));
        Assert.Equal("1", await OneAsync(sql, "SELECT 1"));
    }

    [Fact]
    public async Task The_users_own_connection_is_left_as_it_was()
    {
        await using var t = await TestTable.CreateAsync(Trips, ByCity);
        await t.WriteAsync("""{"id":"a","city":"oslo","fare":1.5,"n":1}""");
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "CREATE TABLE trips AS SELECT 'mine' AS id";
        command.ExecuteNonQuery();
        command.CommandText = "FROM trips";
        await using (var sql = LakehouseSql.Over(connection))
        {
            sql.Register("trips", t.Table);
            Assert.Equal("a", await OneAsync(sql, "SELECT id FROM trips"));
        }

        Assert.Equal("mine", command.ExecuteScalar());
    }

    [Fact]
    public async Task A_cancelled_statement_ends()
    {
        await using var sql = LakehouseSql.Open();
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sql.ExecuteAsync("CREATE TABLE x AS SELECT sum(a.range * b.range) FROM range(1000000) a, range(1000000) b", soon.Token));
        Assert.Equal("1", await OneAsync(sql, "SELECT 1"));
    }

    private static async Task<string> PrunedAsync(LakehouseSql sql, string statement)
    {
        await using var reader = await sql.ExecuteReaderAsync("EXPLAIN " + statement);
        var last = string.Empty;
        while (await reader.ReadAsync())
        {
            last = reader.GetString(0) == "lakehouse" ? reader.GetString(1) : string.Empty;
        }

        return last;
    }

    /// <summary>The first row.</summary>
    private static async Task<string> OneAsync(LakehouseSql sql, string statement)
    {
        await using var reader = await sql.ExecuteReaderAsync(statement);
        Assert.True(await reader.ReadAsync());
        return string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture)));
    }
}
