using System.Text;
using System.Text.Json.Nodes;
using Apache.Arrow;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Sql.Tests;

/// <summary>SQL over the goldens gives what a read gives, and what Hudi gives.</summary>
public class SqlGoldenTests
{
    public static TheoryData<string> Goldens => [.. Golden.Names().Where(n => !Refused.Contains(n[(n.IndexOf('/') + 1)..]))];

    // An empty table has no schema.
    private static readonly HashSet<string> Refused = ["cow_empty"];

    // Hudi on Spark shows these partition columns in another form than they are stored.
    private static readonly HashSet<string> OtherThanHudi = ["cow_timestamp_keygen", "cow_custom_keygen"];

    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task Snapshot_is_what_a_read_gives(string name)
    {
        var golden = Golden.Open(name);
        await using var table = await LakehouseTable.OpenAsync(golden.Table);
        await using var sql = LakehouseSql.Open(("t", table));
        var schema = await table.GetSchemaAsync();
        var expected = await Rows.LinesAsync(table.ReadAsync(), schema);
        var actual = await Rows.LinesAsync(sql.QueryAsync("FROM t"), schema);
        Assert.Equal(expected, actual);

        // The zip of this one holds the files of two runs, its answers only the second.
        if (name != "v9/cow_schema_on_read" && !OtherThanHudi.Contains(name[(name.IndexOf('/') + 1)..]))
        {
            Assert.Equal(Rows.Canonical(File.ReadLines(Path.Combine(golden.Expected, "snapshot.jsonl"))), Rows.Canonical(actual));
        }
    }

    [Theory]
    [InlineData("v9/cow_partitioned")]
    [InlineData("v8/cow_insert_overwrite")]
    [InlineData("v6/cow_partitioned")]
    [InlineData("v9/cow_schema_evolution")]
    [InlineData("v6/cow_schema_on_read")]
    [InlineData("v9/mor_partitioned")]
    [InlineData("v9/mor_compacted")]
    [InlineData("v6/mor_nonpartitioned")]
    public async Task As_of_each_instant_is_what_hudi_gives(string name)
    {
        var golden = Golden.Open(name);
        await using var table = await LakehouseTable.OpenAsync(golden.Table);
        await using var sql = LakehouseSql.Open(("now", table));
        var answers = golden.Answers("asof_").ToList();
        Assert.NotEmpty(answers);
        foreach (var answer in answers)
        {
            var asOf = Path.GetFileNameWithoutExtension(answer)["asof_".Length..];
            sql.Register("then", table, asOf);
            var schema = await table.GetSchemaAsync(new ReadOptions { AsOf = asOf });
            Assert.Equal(Rows.Canonical(File.ReadLines(answer)), Rows.Canonical(await Rows.LinesAsync(sql.QueryAsync("FROM \"then\""), schema)));
        }
    }

    [Theory]
    [InlineData("v9/cow_partitioned")]
    [InlineData("v8/cow_clean_archive")]
    [InlineData("v6/cow_partitioned")]
    [InlineData("v6/cow_clean_archive")]
    [InlineData("v9/mor_partitioned")]
    [InlineData("v6/mor_partitioned")]
    public async Task Changes_are_what_a_read_gives(string name)
    {
        var golden = Golden.Open(name);
        await using var table = await LakehouseTable.OpenAsync(golden.Table);
        await using var sql = LakehouseSql.Open();
        var answers = golden.Answers("incr_").ToList();
        Assert.NotEmpty(answers);
        foreach (var answer in answers)
        {
            var range = Path.GetFileNameWithoutExtension(answer).Split('_');
            sql.RegisterChanges("changes", table, range[1], range[2]);
            var schema = await table.GetSchemaAsync();
            Assert.Equal(Rows.Canonical(File.ReadLines(answer)), Rows.Canonical(await Rows.LinesAsync(sql.QueryAsync("FROM changes"), schema)));
        }
    }
}
