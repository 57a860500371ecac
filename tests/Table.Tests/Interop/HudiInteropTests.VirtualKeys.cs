using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <summary>Merge-on-read tables without meta columns: keys of log records and base rows are computed from the data columns.</summary>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, false, false)]
    [InlineData(9, true, true)]
    [InlineData(8, false, true)]
    [InlineData(6, true, false)]
    [InlineData(6, false, true)]
    public async Task Logs_without_meta_columns_are_merged_and_compacted_by_either(int version, bool complex, bool oursFirst)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "t");
        var schema = TableSchema.FromDdl(PartialDdl, "t");
        string[] first = [.. Enumerable.Range(1, 12).Select(k => Part(k, 10, "A", "B", k))];
        if (oursFirst)
        {
            var options = new TableOptions { Name = "t", Type = TableType.MergeOnRead, Keys = complex ? ["id", "b"] : ["id"], Ordering = ["ts"], TableVersion = version, PopulateMetaFields = false };
            await using var made = await LakehouseTable.CreateAsync(new LocalObjectStore(path), schema, options, null, default);
            await made.InsertAsync(Read(schema, first));
        }
        else
        {
            WriteVirtual(hudi, path, version, complex, "insert", first);
        }

        await using var table = await LakehouseTable.OpenAsync(path);
        await SameAsync(hudi, table, path, "the first rows");
        WriteVirtual(hudi, path, version, complex, "upsert", Part(1, 20, "hudi", "B", 1), Part(2, 5, "late", "B", 2), Part(3, 20, null, "B", 3, true));
        await SameAsync(hudi, table, path, "Hudi's upsert");
        await table.UpsertAsync(Read(schema, [Part(1, 30, "ours", "B", 1), Part(4, 20, "ours", "B", null), Part(5, 20, null, "B", 5, true), Part(2, 1, "late", "B", 2)]));
        await SameAsync(hudi, table, path, "our upsert");
        WriteVirtual(hudi, path, version, complex, "delete", Part(6, 0, null, "B", null));
        await SameAsync(hudi, table, path, "Hudi's delete");
        await table.DeleteAsync(Read(schema, [Part(7, 0, null, "B", null)]));
        await SameAsync(hudi, table, path, "our delete");
        await table.CompactAsync();
        await SameAsync(hudi, table, path, "our compaction");
        WriteVirtual(hudi, path, version, complex, "upsert", Part(1, 40, "hudi", "B", 1), Part(20, 1, "new", "B", 1));
        await table.UpsertAsync(Read(schema, [Part(8, 50, "ours", "B", 1), Part(21, 1, "new", "B", 1)]));
        await SameAsync(hudi, table, path, "writes after it");
        hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = $"call run_compaction(op => 'scheduleAndExecute', path => '{path}', options => 'hoodie.compact.inline.max.delta.commits=1')" });
        await SameAsync(hudi, table, path, "Hudi's compaction");
    }

    private void WriteVirtual(Oracle hudi, string path, int version, bool complex, string operation, params string[] lines)
    {
        var input = Path.Combine(root, "in.jsonl");
        File.WriteAllLines(input, lines);
        hudi.Ask(new JsonObject
        {
            ["op"] = "write",
            ["table"] = path,
            ["operation"] = operation,
            ["mode"] = operation == "insert" ? "overwrite" : "append",
            ["input"] = input,
            ["schema"] = PartialDdl,
            ["options"] = new JsonObject
            {
                ["hoodie.table.name"] = "t",
                ["hoodie.datasource.write.table.type"] = "MERGE_ON_READ",
                ["hoodie.write.table.version"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["hoodie.write.auto.upgrade"] = "false",
                ["hoodie.datasource.write.recordkey.field"] = complex ? "id,b" : "id",
                ["hoodie.datasource.write.partitionpath.field"] = "",
                ["hoodie.datasource.write.precombine.field"] = "ts",
                ["hoodie.populate.meta.fields"] = "false",
                ["hoodie.metadata.enable"] = "false",
                ["hoodie.compact.inline"] = "false",
                ["hoodie.index.type"] = "SIMPLE",
            },
        });
    }
}
