using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Table.Tests.Goldens;
using OllaLab.Lakehouse.TestSupport;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>What statistics of files and partitions rule out is none of the answer, to Hudi as to us: columns of each type by conditions.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.CopyOnWrite)]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Conditions_find_what_a_full_scan_finds(int version, TableType type)
    {
        bool isLong = Environment.GetEnvironmentVariable("HUDI_LONG") is not null;
        var hudi = RequireHudi(always: (version, type) is (9, TableType.MergeOnRead) or (8, TableType.CopyOnWrite));
        var path = Path.Combine(root, "skipped");
        await using var table = await MakeProbedAsync(path, version, type);
        Same(Ask(hudi, path, "snapshot", []), await ReadAsync(table, new ReadOptions()), "our writes");

        // Many small questions in one statement: what Spark does for a large one takes longer than the answer.
        foreach (var setting in new[] { "codegen.wholeStage=false", "codegen.factoryMode=NO_CODEGEN", "adaptive.enabled=false" })
        {
            Sql(hudi, "set spark.sql." + setting);
        }

        foreach (var (view, metadata) in new[] { ("whole", "false"), ("skipping", "true") })
        {
            Sql(hudi, $"create or replace temporary view {view} using hudi options('path' '{path}', 'hoodie.metadata.enable' '{metadata}', 'hoodie.enable.data.skipping' '{metadata}')");
        }

        // In the short run each column and each kind of condition has its turn, not one with each other.
        var conditions = ProbedColumn.All.SelectMany((column, c) => column.Conditions().Where((_, i) => isLong || (i + (7 * c) + version) % 24 == 0)).ToList();
        var wrong = new List<string>();
        int left = 0;
        foreach (var chunk in conditions.Chunk(40))
        {
            var whole = Ids(hudi, $"select id, array({string.Join(", ", chunk.Select(c => c.Spark))}) as holds from whole", chunk.Length);
            var asked = chunk.Index().Where(c => c.Item.HasAnswer).Select(c => $"select id, {c.Index} as number from skipping where {c.Item.Spark}");
            var skipped = Ids(hudi, string.Join(" union all ", asked), chunk.Length);
            for (int i = 0; i < chunk.Length; i++)
            {
                var (found, ours) = await OursAsync(table, chunk[i].Ours);
                left += found.Left;
                Check(wrong, $"Hudi's answer to {chunk[i].Spark}", whole[i], chunk[i].HasAnswer ? skipped[i] : whole[i]);
                Check(wrong, $"our answer to {chunk[i].Ours}", ours, found.Ids);
                Check(wrong, $"our full scan for {chunk[i].Ours}", chunk[i].IsSameToBoth ? whole[i] : ours, ours);
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {conditions.Count}: {string.Join("; ", wrong)}");
        Assert.True(left > conditions.Count, $"{left} file slices left out by {conditions.Count} conditions");
    }

    private static void Check(List<string> wrong, string what, IReadOnlyList<string> expected, IReadOnlyList<string> found)
    {
        if (!expected.SequenceEqual(found))
        {
            wrong.Add($"{what} has {string.Join(' ', found)} of {string.Join(' ', expected)}");
        }
    }

    // Files of small values, of greater ones, of nulls and of the greatest with nulls, of which one partition has two; then rows change and go.
    private static async Task<LakehouseTable> MakeProbedAsync(string path, int version, TableType type)
    {
        var schema = TableSchema.FromAvro(ProbedColumn.Schema);
        var properties = new Dictionary<string, string> { [MetadataOptions.EnableKey] = "true", [MetadataOptions.ColumnStatsKey] = "true" };
        var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version, Properties = properties },
            null,
            default);
        int?[][] files = [[0, 1, 2], [3, 4, 5], [null, null], [6, null, 7]];
        for (int file = 0; file < files.Length; file++)
        {
            var cities = file is 0 or 2 ? new[] { "oslo", "rome" } : ["oslo"];
            await table.BulkInsertAsync([await Parse(schema, cities.SelectMany(city => files[file].Select((value, row) => Line($"{city}{file}{row}", city, 1, value))))]);
        }

        await table.UpsertAsync([await Parse(schema, [Line("oslo01", "oslo", 2, 5), Line("oslo11", "oslo", 2, null), Line("rome20", "rome", 2, 1)])]);
        await table.DeleteAsync([await Parse(schema, [Line("oslo30", "oslo", 3, null)])]);
        return table;

        static string Line(string id, string city, int ts, int? value)
        {
            var row = new JsonObject { ["id"] = id, ["city"] = city, ["ts"] = ts };
            foreach (var column in ProbedColumn.All.Where(_ => value is not null))
            {
                var json = column.Json(value!.Value);
                if (column.Name.Split('.') is [var outer, var inner])
                {
                    row[outer] ??= new JsonObject();
                    row[outer]![inner] = json;
                }
                else
                {
                    row[column.Name] = json;
                }
            }

            if (value is null && id.EndsWith('0'))
            {
                row["n"] = new JsonObject();
            }

            return row.ToJsonString();
        }
    }

    private static List<string>[] Ids(Oracle hudi, string sql, int count)
    {
        var found = Enumerable.Range(0, count).Select(_ => new List<string>()).ToArray();
        foreach (var row in hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = sql }).GetProperty("data").EnumerateArray())
        {
            var id = row.GetProperty("id").GetString()!;
            if (row.TryGetProperty("number", out var number))
            {
                found[number.GetInt32()].Add(id);
                continue;
            }

            foreach (var (i, _) in row.GetProperty("holds").EnumerateArray().Index().Where(h => h.Item.ValueKind == JsonValueKind.True))
            {
                found[i].Add(id);
            }
        }

        System.Array.ForEach(found, f => f.Sort(StringComparer.Ordinal));
        return found;
    }

    private static async Task<((List<string> Ids, int Left) Found, List<string> Whole)> OursAsync(LakehouseTable table, Predicate condition)
    {
        var options = new ReadOptions { Columns = ["id"], Where = condition };
        var plan = await table.PlanAsync(options, default);
        return ((await CollectAsync(table, options, null), plan.SlicesBeforePruning - plan.Slices.Count), await CollectAsync(table, new ReadOptions(), condition));
    }

    private static async Task<List<string>> CollectAsync(LakehouseTable table, ReadOptions options, Predicate? condition)
    {
        var ids = new List<string>();
        await foreach (var batch in table.ReadAsync(options))
        {
            using (batch)
            {
                var keys = (Apache.Arrow.StringArray)batch.Column("id");
                var chosen = condition?.Bind(batch.Schema).Select(batch);
                ids.AddRange(Enumerable.Range(0, batch.Length).Where(i => chosen?.GetValue(i) != false).Select(i => keys.GetString(i)));
            }
        }

        ids.Sort(StringComparer.Ordinal);
        return ids;
    }
}
