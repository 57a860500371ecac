using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Sql.Tests;

/// <summary>SQL over base files with logs: DuckDB scans the files, and takes merged rows in the place of those that the logs change.</summary>
public class MergeOnReadTests
{
    private static readonly string[] Queries =
    [
        "SELECT count(*) FROM t",
        "SELECT id FROM t ORDER BY id",
        "SELECT id, fare FROM t WHERE fare > 50 ORDER BY id",
        "SELECT city, round(sum(fare), 2), count(*) FROM t GROUP BY city ORDER BY city",
        "SELECT id FROM t WHERE city = 'oslo' AND rider = 'rider-A' AND 1 = 1 ORDER BY 1",
        "SELECT a.id, b.ts FROM t a JOIN t b USING (id) ORDER BY id, b.ts",
        "SELECT * FROM t ORDER BY id",
        "SELECT count(*) FROM t WHERE ts IS NULL OR ts IS NOT NULL",
        "SELECT t.id, t.ts FROM t NATURAL JOIN (SELECT id, ts FROM t) ORDER BY id",
        "SELECT id FROM t WHERE EXISTS (SELECT 1 FROM t o WHERE o.rider = t.rider AND o.id > t.id) ORDER BY id",
        "SELECT max(COLUMNS('fa.*')) FROM t",
        "SELECT id, row_number() OVER (ORDER BY ts, id) FROM t ORDER BY 2",
        "WITH x AS (SELECT id, fare FROM t) SELECT count(*) FROM x WHERE fare IS NOT NULL",
    ];

    [Theory]
    [InlineData("v9/mor_partitioned")]
    [InlineData("v8/mor_partitioned")]
    [InlineData("v6/mor_partitioned")]
    [InlineData("v9/mor_pending_compaction")]
    public async Task Statements_give_what_they_give_of_the_rows_of_a_read(string name)
    {
        await using var table = await LakehouseTable.OpenAsync(Golden.Open(name).Table);
        await using var sql = LakehouseSql.Open(("t", table));
        await using var plain = LakehouseSql.Open(("t", table));
        await plain.ExecuteAsync("CREATE TABLE copied AS SELECT * FROM t");
        plain.Unregister("t");
        await plain.ExecuteAsync("ALTER TABLE copied RENAME TO t");
        foreach (var query in Queries)
        {
            Assert.Equal(await RowsAsync(plain, query), await RowsAsync(sql, query));
        }
    }

    [Fact]
    public async Task Settings_of_the_connection_are_as_before()
    {
        await using var table = await LakehouseTable.OpenAsync(Golden.Open("v9/mor_partitioned").Table);
        await using var sql = LakehouseSql.Open(("t", table));
        await sql.ExecuteAsync("SET disabled_optimizers = 'top_n'");
        await RowsAsync(sql, "SELECT id FROM t");
        Assert.Equal(["top_n"], await RowsAsync(sql, "SELECT current_setting('disabled_optimizers')"));
    }

    [Fact]
    public async Task Statements_given_to_the_connection_see_merged_rows_after_a_refresh()
    {
        await using var table = await LakehouseTable.OpenAsync(Golden.Open("v9/mor_partitioned").Table);
        await using var sql = LakehouseSql.Open(("t", table));
        await sql.RefreshAsync();
        using var command = sql.Connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM t";
        Assert.Equal((await table.ReadAsync().ToListAsync()).Sum(b => (long)b.Length), Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Statements_given_to_the_connection_see_the_table_as_at_the_refresh_whatever_other_statements_have_seen_since()
    {
        await using var made = await TripsAsync();
        await using var sql = LakehouseSql.Open(("t", made.Table));
        await made.Table.UpsertAsync([new Trip("000", 1, 2)]);
        await sql.RefreshAsync();
        using var direct = sql.Connection.CreateCommand();
        direct.CommandText = "SELECT count(*) || ' ' || sum(fare) || ' ' || max(id) FROM t";
        var before = direct.ExecuteScalar();
        await made.Table.DeleteAsync(Enumerable.Range(0, 90).Select(i => new Trip($"{i:D3}", 0, 3)));
        Assert.Equal(["110"], await RowsAsync(sql, "SELECT count(*) FROM t"));
        Assert.Equal(before, direct.ExecuteScalar());
        await sql.RefreshAsync();
        Assert.Equal("110 0.0 199", direct.ExecuteScalar());
    }

    [Fact]
    public async Task Of_each_file_those_rows_are_left_out_that_its_logs_change()
    {
        await using var made = await TripsAsync();
        await made.Table.UpsertAsync(Enumerable.Range(0, 200).Where(i => i % 7 == 0).Select(i => new Trip($"{i:D3}", i, 2)));
        await made.Table.DeleteAsync(Enumerable.Range(0, 200).Where(i => i % 11 == 0 || i is 7 or 8 or 99 or 199).Select(i => new Trip($"{i:D3}", 0, 3)));
        await using var sql = LakehouseSql.Open(("t", made.Table));
        var expected = Enumerable.Range(0, 200).Where(i => i % 11 != 0 && i is not (7 or 8 or 99 or 199)).Select(i => $"{i:D3}|{(i % 7 == 0 ? i : 0)}");
        Assert.Equal(expected, await RowsAsync(sql, "SELECT id, fare::INT FROM t ORDER BY id"));
        Assert.Equal(["105|717"], await RowsAsync(sql, "SELECT id, fare::INT + 612 FROM t WHERE id = '105' OR id = '099'"));
        Assert.Equal([$"{expected.Count()}"], await RowsAsync(sql, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task Errors_of_logs_are_errors_of_the_statement()
    {
        var folder = Golden.Open("v9/mor_partitioned").CopyTable();
        try
        {
            var log = Directory.EnumerateFiles(folder, ".*.log.*", SearchOption.AllDirectories).First(f => !f.Contains(".hoodie", StringComparison.Ordinal));
            var bytes = await File.ReadAllBytesAsync(log);
            var schema = bytes.AsSpan().IndexOf("\"type\":\"record\""u8);
            "X"u8.CopyTo(bytes.AsSpan(schema + 1));
            await File.WriteAllBytesAsync(log, bytes);
            await using var table = await LakehouseTable.OpenAsync(folder);
            await using var sql = LakehouseSql.Open(("t", table));
            var error = await Assert.ThrowsAsync<LakehouseException>(() => RowsAsync(sql, "SELECT id FROM t"));
            Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Base_files_alone_are_a_table_of_their_own()
    {
        var golden = Golden.Open("v9/mor_partitioned");
        await using var table = await LakehouseTable.OpenAsync(golden.Table);
        await using var sql = LakehouseSql.Open();
        sql.RegisterReadOptimized("t", table);
        Assert.Equal(
            Rows.Canonical(File.ReadLines(Path.Combine(golden.Expected, "read_optimized.jsonl"))),
            Rows.Canonical(await Rows.LinesAsync(sql.QueryAsync("FROM t"), await table.GetSchemaAsync())));
    }

    [Theory]
    [InlineData("v9/mor_cdc")]
    [InlineData("v9/cow_cdc")]
    public async Task A_change_feed_is_a_table(string name)
    {
        await using var table = await LakehouseTable.OpenAsync(Golden.Open(name).Table);
        await using var sql = LakehouseSql.Open();
        await sql.LoadChangeFeedAsync("feed", table, "000");
        var kinds = new Dictionary<string, long>();
        await foreach (var change in table.ReadChangesAsync<Ride>("000"))
        {
            var key = $"{change.Kind.ToString().ToLowerInvariant()[0]}|{change.Instant}|{change.Before?.Id}|{change.After?.Id}";
            kinds[key] = kinds.GetValueOrDefault(key) + 1;
        }

        Assert.Equal(
            kinds.Select(k => $"{k.Key}|{k.Value}").Order(StringComparer.Ordinal),
            (await RowsAsync(sql, "SELECT op, ts_ms, before.id, after.id, count(*) FROM feed GROUP BY ALL")).Order(StringComparer.Ordinal));
    }

    private sealed record Ride(string Id);

    private sealed record Trip(string Id, double Fare, long Ts);

    // 200 rows without a fare to speak of, in two base files.
    private static async Task<TestTable> TripsAsync()
    {
        var made = await TestTable.CreateAsync("id string, fare double, ts bigint", new TableOptions { Name = "t", Type = TableType.MergeOnRead, Keys = ["id"], Ordering = ["ts"] });
        foreach (var half in Enumerable.Range(0, 200).Chunk(100))
        {
            await made.WriteAsync(half.Select(i => $$"""{"id":"{{i:D3}}","fare":0,"ts":1}"""));
        }

        return made;
    }

    private static async Task<List<string>> RowsAsync(LakehouseSql sql, string query)
    {
        await using var reader = await sql.ExecuteReaderAsync(query);
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join("|", Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)));
        }

        return rows;
    }
}
