using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace OllaLab.Lakehouse.Sql.Tests;

/// <summary>A pruned statement answers what the same statement answers over all files.</summary>
public class PruningPropertyTests
{
    private static readonly string[] Cities = ["oslo", "rome", "bonn", "b"];

    private static readonly (string Column, Gen<string> Constant)[] Columns =
    [
        ("city", Gen.Elements("'oslo'", "'rome'", "'nowhere'", "'b'", "''", "NULL", "lower('ROME')")),
        ("n", Gen.OneOf(Gen.Choose(-3, 25).Select(i => i.ToString(CultureInfo.InvariantCulture)), Gen.Elements("10.5", "1e1", "7::BIGINT", "NULL", "'12'", "2 + 3"))),
        ("big", Gen.OneOf(Gen.Choose(-3, 25).Select(i => (i * 1_000_000_000_000L).ToString(CultureInfo.InvariantCulture)), Gen.Elements("5.5", "1e13", "NULL"))),
        ("f", Gen.Elements("0", "1.5", "-2.25", "12.75", "'nan'::DOUBLE", "20::FLOAT", "NULL", "'inf'::DOUBLE")),
        ("d", Gen.Elements("0", "1.50", "10.555", "12.75", "20", "-1", "NULL", "1.5e1")),
        ("day", Gen.Elements("'2026-01-05'", "DATE '2026-01-10'", "DATE '2026-01-10' + INTERVAL 3 DAY", "TIMESTAMP '2026-01-12 12:00:00'", "'2026-01-20'", "current_date", "NULL")),
        ("\"at\"", Gen.Elements("'2026-01-05'", "TIMESTAMPTZ '2026-01-10 05:00:00+00'", "'2026-01-12 12:00:00+02'", "TIMESTAMPTZ '2026-01-10' - INTERVAL 3 HOUR", "now()", "NULL")),
        ("_hoodie_record_key", Gen.Elements("'k3'", "'k20'", "'k'")),
    ];

    private static readonly Gen<string> Leaf = Gen.OneOf(
        from c in Gen.Elements(Columns)
        from o in Gen.Elements("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM")
        from v in c.Constant
        from swapped in Gen.Elements(false, false, true)
        select swapped ? $"{v} {o} {c.Column}" : $"{c.Column} {o} {v}",
        from c in Gen.Elements(Columns)
        from v in c.Constant
        from w in c.Constant
        from o in Gen.Elements("IN ({0}, {1})", "NOT IN ({0}, {1})", "BETWEEN {0} AND {1}", "NOT BETWEEN {0} AND {1}")
        select c.Column + " " + string.Format(CultureInfo.InvariantCulture, o, v, w),
        from c in Gen.Elements(Columns)
        from o in Gen.Elements("IS NULL", "IS NOT NULL")
        select $"{c.Column} {o}",
        Gen.Elements("city LIKE 'b%'", "city LIKE 'o_lo'", "starts_with(city, 'ro')", "city NOT LIKE 'b%'", "NOT flag", "flag", "flag = true", "n + 1 = 12", "length(city) = 4", "n % 2 = 0", "city || 'x' = 'romex'"));

    private static readonly string[] Shapes =
    [
        "SELECT * FROM t WHERE {0}",
        "SELECT count(*), min(n), max(id) FROM t WHERE {0}",
        "SELECT city, count(*) FROM t WHERE {0} GROUP BY city HAVING count(*) > 1",
        "SELECT * FROM (SELECT id, city, n, big, f, d, day, \"at\", flag, _hoodie_record_key FROM t ORDER BY n) x WHERE {0}",
        "SELECT a.id FROM t a JOIN t b ON a.n = b.n WHERE a.id IN (SELECT id FROM t WHERE {0}) AND b.city = 'oslo'",
        "SELECT id FROM t WHERE {0} UNION ALL SELECT id FROM t WHERE {1}",
        "WITH c AS (SELECT * FROM t WHERE {0}) SELECT id FROM c WHERE {1}",
        "SELECT x.id, y.id FROM t x LEFT JOIN (SELECT * FROM t WHERE {1}) y USING (id) WHERE x.id IN (SELECT id FROM t WHERE {0})",
        "SELECT o.id FROM t o WHERE EXISTS (SELECT 1 FROM t WHERE n = o.n AND ({0})) AND ({1})",
        "SELECT DISTINCT city FROM t WHERE {0}",
        "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY city ORDER BY id) AS r FROM t) WHERE r = 1 AND ({0})",
        "SELECT * FROM t WHERE ({0}) AND ({1}) ORDER BY id LIMIT 5",
        "SELECT id, (SELECT count(*) FROM t WHERE {0}) FROM t WHERE {1}",
    ];

    [Fact]
    public async Task Pruned_is_unpruned()
    {
        await using var t = await TestTable.CreateAsync(
            "id string, city string, n int, big bigint, f double, d decimal(12,2), day date, at timestamp, flag boolean", new() { Keys = ["id"], Partitions = ["city"], Ordering = ["n"], HiveStylePartitioning = true });
        for (var file = 0; file < 4; file++)
        {
            await t.WriteAsync(Enumerable.Range(file * 6, 6).Select(Row));
        }

        await using var sql = LakehouseSql.Open(("t", t.Table));
        await using var whole = LakehouseSql.Open(("t", t.Table));
        await whole.RefreshAsync();
        var leaves = from l in Leaf from negated in Gen.Elements(false, false, false, true) select negated ? $"NOT ({l})" : l;
        var joined = from a in leaves from b in leaves from c in leaves from o in Gen.Elements("AND", "OR") from p in Gen.Elements("AND", "OR") select $"({a}) {o} (({b}) {p} ({c}))";
        var condition = Gen.OneOf(leaves, joined);
        var statements = from s in Gen.Elements(Shapes) from a in condition from b in condition select string.Format(CultureInfo.InvariantCulture, s, a, b);
        var pruned = 0;
        Prop.ForAll(statements.ToArbitrary(), statement =>
        {
            var expected = Direct(whole, statement);
            var actual = Through(sql, statement);
            Assert.True(expected.SequenceEqual(actual), $"{statement}: {string.Join(" ", expected)} became {string.Join(" ", actual)}");
            pruned += Through(sql, "EXPLAIN " + statement).Exists(r => r.Contains("lakehouse|", StringComparison.Ordinal) && !r.Contains("no condition", StringComparison.Ordinal)) ? 1 : 0;
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(150));
        Assert.True(pruned > 20, $"only {pruned} statements were pruned");
    }

    private static string Row(int i)
    {
        var nothing = i % 7 == 3;
        string Value(string value) => nothing ? "null" : value;
        return $$"""{"id":"k{{i}}","city":"{{Cities[i * i % 5 % 4]}}","n":{{Value(i.ToString(CultureInfo.InvariantCulture))}},"big":{{Value((i * 1_000_000_000_000L).ToString(CultureInfo.InvariantCulture))}},"f":{{Value((i % 5 == 4 ? "\"NaN\"" : (i - 3) + ".75"))}},"d":{{Value(i + ".5")}},"day":{{Value($"\"2026-01-{i + 1:00}\"")}},"at":{{Value($"\"2026-01-{i + 1:00}T05:00:00Z\"")}},"flag":{{Value(i > 12 ? "true" : "false")}}}""";
    }

    private static List<string> Through(LakehouseSql sql, string statement)
    {
        try
        {
            using var reader = sql.ExecuteReaderAsync(statement).GetAwaiter().GetResult();
            return Read(reader);
        }
        catch (DuckDB.NET.Data.DuckDBException e)
        {
            return [e.Message];
        }
    }

    private static List<string> Direct(LakehouseSql sql, string statement)
    {
        try
        {
            using var command = sql.Connection.CreateCommand();
            command.CommandText = statement;
            using var reader = command.ExecuteReader();
            return Read(reader);
        }
        catch (DuckDB.NET.Data.DuckDBException e)
        {
            return [e.Message];
        }
    }

    private static List<string> Read(System.Data.Common.DbDataReader reader)
    {
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
        }

        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
