using System.Text.Json;
using System.Text.Json.Nodes;
using Apache.Arrow;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Table.Tests.Goldens;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <summary>Real Apache Hudi reads what we wrote and goes on writing it; we read what it then wrote. Needs HUDI_ORACLE.</summary>
public sealed partial class HudiInteropTests : IDisposable
{
    private const string Ddl = "id string, ts bigint, fare double, amount decimal(12,2), ok boolean, at timestamp, day date, tags array<string>, m map<string,int>, s struct<a:int,b:string>, note string, city string";
    private readonly string root = Directory.CreateTempSubdirectory("lakehouse-interop-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData(9, true, TableType.CopyOnWrite)]
    [InlineData(8, true, TableType.CopyOnWrite)]
    [InlineData(6, true, TableType.CopyOnWrite)]
    [InlineData(9, false, TableType.CopyOnWrite)]
    [InlineData(6, false, TableType.CopyOnWrite)]
    [InlineData(9, true, TableType.MergeOnRead)]
    [InlineData(8, false, TableType.MergeOnRead)]
    [InlineData(6, true, TableType.MergeOnRead)]
    public async Task Both_write_one_table_in_turns(int version, bool partitioned, TableType type)
    {
        var hudi = RequireHudi(always: version != 8 || !partitioned);
        var path = Path.Combine(root, "t");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = partitioned ? ["city"] : [], Ordering = ["ts"], TableVersion = version },
            new LakehouseOptions { Write = new WriteOptions { RowGroupRows = 1_000 } },
            default);

        // Several row groups, so that the second write copies some and merges others.
        await table.BulkInsertAsync([await Rows(schema, Enumerable.Range(0, 4_000), ts: 10)]);
        await SameAsync(hudi, table, path, "our bulk insert");
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(5, 20).Concat(Enumerable.Range(4_000, 50)), ts: 20)]);
        await SameAsync(hudi, table, path, "our upsert over it");
        await table.DeleteAsync([await Rows(schema, [7, 3_999], ts: 0)]);
        await SameAsync(hudi, table, path, "our delete");

        Write(hudi, path, version, partitioned, type, Lines(Enumerable.Range(0, 10).Concat(Enumerable.Range(9_000, 5)), ts: 30));
        await SameAsync(hudi, table, path, "Hudi's upsert over ours");
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(8, 4), ts: 40), await Rows(schema, [9_001], ts: 5)]);
        await SameAsync(hudi, table, path, "our upsert over Hudi's, one row of it older than the stored one");
        await table.InsertAsync([await Rows(schema, [20_000, 20_001], ts: 1)]);
        await SameAsync(hudi, table, path, "our insert");
        Write(hudi, path, version, partitioned, type, Lines([20_000, 3], ts: 50));
        await SameAsync(hudi, table, path, "Hudi's upsert over our insert");

        var instants = (await table.RefreshAsync()).Timeline.CompletedWrites.ToList();
        foreach (var instant in instants)
        {
            var theirs = Ask(hudi, path, "snapshot", new JsonObject { ["as_of"] = instant.RequestedTime });
            Same(theirs, await ReadAsync(table, new ReadOptions { AsOf = instant.RequestedTime }), $"as of {instant.RequestedTime}");
        }

        var begin = instants[2].CompletionTime ?? instants[2].RequestedTime;
        if (version >= 8)
        {
            Same(Ask(hudi, path, "incremental", new JsonObject { ["begin"] = begin }), await ReadAsync(table, new ReadOptions { Begin = begin }), "changes");
        }
    }

    [Theory]
    [InlineData("v9/cow_types", 9)]
    [InlineData("v9/cow_types", 6)]
    [InlineData("v8/cow_types", 8)]
    public async Task Hudi_reads_and_merges_every_type_as_we_write_it(string golden, int version)
    {
        var hudi = RequireHudi();
        await using var source = await LakehouseTable.OpenAsync(Golden.Open(golden).Table);
        var schema = await (await source.RefreshAsync()).GetSchemaAsync();
        var path = Path.Combine(root, "types");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), schema, new TableOptions { Name = "types", Keys = ["id"], Ordering = ["ord"], TableVersion = version }, null, default);
        var options = new ReadOptions { Columns = [.. schema.Arrow.FieldsList.Select(f => f.Name)] };
        await table.UpsertAsync(source.ReadAsync(options));
        await SameAsync(hudi, table, path, "our copy");

        // Hudi rewrites our file: one row changes, all others are copied by its merge.
        hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = $"create table types_{version} using hudi location '{path}'" });
        hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = "set hoodie.metadata.enable=false" });
        hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = $"update types_{version} set s = 'changed' where id = 't0003'" });
        await SameAsync(hudi, table, path, "Hudi's update of it");
    }

    /// <param name="always">Whether it is part of the short run: its like is there for other versions, and Hudi takes its time.</param>
    private static Oracle RequireHudi(bool always = true)
    {
        Assert.SkipWhen(Oracle.Instance is null, "HUDI_ORACLE is not set: real Apache Hudi is not asked.");
        Assert.SkipUnless(always || Environment.GetEnvironmentVariable("HUDI_LONG") is not null, "HUDI_LONG is not set: the short run goes without this version.");
        Oracle.Instance!.Reset();
        return Oracle.Instance;
    }

    private static string Lines(IEnumerable<int> keys, long ts) => string.Join('\n', keys.Select(k => JsonSerializer.Serialize(new
    {
        id = $"k{k:D6}",
        ts,
        fare = (k * 0.25) + ts,
        amount = k / 100m,
        ok = k % 3 == 0,
        at = $"2024-03-{(k % 27) + 1:D2}T01:02:03.{k % 1000:D3}456Z",
        day = $"19{70 + (k % 30)}-12-31",
        tags = new[] { "a", "b", "c" }[..(k % 4 == 3 ? 0 : k % 4)],
        m = new Dictionary<string, int> { ["x"] = k },
        s = new { a = k, b = k % 2 == 0 ? null : "b" + k },
        note = k % 5 == 0 ? null : "n\u00e9" + k,
        city = k % 2 == 0 ? "lisbon" : "s\u00e3o paulo",
    }))) + "\n";

    private static Task<RecordBatch> Rows(TableSchema schema, IEnumerable<int> keys, long ts) => Parse(schema, [Lines(keys, ts)]);

    private static async Task<RecordBatch> Parse(TableSchema schema, IEnumerable<string> lines)
    {
        var batches = new List<RecordBatch>();
        await foreach (var batch in JsonLinesReader.ReadAsync(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines))), schema.Arrow))
        {
            batches.Add(batch);
        }

        return Arrays.Kernels.Concat(batches);
    }

    private void Write(Oracle hudi, string path, int version, bool partitioned, TableType type, string lines, string ddl = Ddl, string operation = "upsert", params (string Name, string Value)[] more)
    {
        var input = Path.Combine(root, "in.jsonl");
        File.WriteAllText(input, lines);
        var options = new JsonObject
        {
            ["hoodie.table.name"] = "t",
            ["hoodie.datasource.write.table.type"] = type == TableType.CopyOnWrite ? "COPY_ON_WRITE" : "MERGE_ON_READ",
            ["hoodie.write.table.version"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["hoodie.write.auto.upgrade"] = "false",
            ["hoodie.datasource.write.recordkey.field"] = "id",
            ["hoodie.datasource.write.partitionpath.field"] = partitioned ? "city" : "",
            ["hoodie.datasource.write.precombine.field"] = "ts",
            ["hoodie.metadata.enable"] = version >= 8 ? "true" : "false",
            ["hoodie.compact.inline"] = "false",
        };
        foreach (var (name, value) in more)
        {
            options[name] = value;
        }

        if (!partitioned)
        {
            options["hoodie.datasource.write.keygenerator.class"] = "org.apache.hudi.keygen.NonpartitionedKeyGenerator";
        }

        if (version == 6)
        {
            options["hoodie.datasource.write.payload.class"] = "org.apache.hudi.common.model.DefaultHoodieRecordPayload";
        }

        hudi.Ask(new JsonObject { ["op"] = "write", ["table"] = path, ["operation"] = operation, ["mode"] = "append", ["input"] = input, ["schema"] = ddl, ["options"] = options });
    }

    // The rows go through a file: in it decimals are exact.
    private JsonElement[] Ask(Oracle hudi, string path, string query, JsonObject more)
    {
        var output = Path.Combine(root, "out.jsonl");
        more["op"] = "read";
        more["table"] = path;
        more["query"] = query;
        more["metadata"] = false;
        more["out"] = output;
        hudi.Ask(more);
        return [.. Golden.Rows(output)];
    }

    private async Task SameAsync(Oracle hudi, LakehouseTable table, string path, string what)
    {
        Same(Ask(hudi, path, "snapshot", []), await ReadAsync(table, new ReadOptions()), what);
        if (table.Properties.GetValueOrDefault("hoodie.table.metadata.partitions") is { Length: > 0 })
        {
            var problems = hudi.Ask(new JsonObject { ["op"] = "validate", ["table"] = path }).GetProperty("problems").EnumerateArray().Select(p => p.GetString()!).ToList();
            Assert.True(problems.Count == 0, $"the metadata table after {what}: {string.Join("; ", problems)}");
        }
    }

    private static void Same(IReadOnlyList<JsonElement> theirs, IReadOnlyList<JsonElement> ours, string what)
    {
        var difference = GoldenRows.Difference(GoldenRows.CountByShape(theirs), GoldenRows.CountByShape(ours));
        Assert.True(difference is null, $"after {what}: {difference}");
        Assert.NotEmpty(ours);
    }

    private static async Task<IReadOnlyList<JsonElement>> ReadAsync(LakehouseTable table, ReadOptions options)
    {
        using var text = new MemoryStream();
        await using (var writer = new JsonLinesWriter(text, await table.GetSchemaAsync(options)))
        {
            await foreach (var batch in table.ReadAsync(options))
            {
                using (batch)
                {
                    await writer.WriteAsync(batch);
                }
            }
        }

        return [.. System.Text.Encoding.UTF8.GetString(text.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
    }
}
