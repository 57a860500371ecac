using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Compactions of the metadata table: Hudi finds it right, and goes on.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Hudi_goes_on_from_metadata_that_we_compacted(int version, TableType type)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "metadata");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version },
            null,
            default);
        // A clean is a delta commit too: without any, so many upserts make one compaction.
        var upserts = new WriteOptions { AutoClean = false, AutoArchive = false };
        for (int i = 0; i < 12; i++)
        {
            await table.UpsertAsync([await Rows(schema, Enumerable.Range(i, 5), ts: i)], upserts);
        }

        Assert.Single(Bases(path));
        Right(hudi, path, "our compaction");
        WriteWithMetadata(hudi, path, version, type, Lines([1, 500], ts: 50));
        Right(hudi, path, "Hudi's upsert over it");
        for (int i = 0; i < 12; i++)
        {
            await table.UpsertAsync([await Rows(schema, Enumerable.Range(i * 7, 5), ts: 60 + i)], upserts);
        }

        Assert.Equal(2, Bases(path).Count);
        Right(hudi, path, "our second compaction");
        var theirs = Bases(path);
        for (int i = 0; i < 4; i++)
        {
            WriteWithMetadata(hudi, path, version, type, Lines([i, 600 + i], ts: 80 + i), deltaCommits: 3);
        }

        Assert.NotEmpty(Bases(path).Except(theirs));
        Right(hudi, path, "Hudi's own compaction");
        await SameAsync(hudi, table, path, "all of it");
    }

    [Fact]
    public async Task Hudi_goes_on_from_a_metadata_timeline_that_we_archived()
    {
        var (version, type) = (9, TableType.CopyOnWrite);
        var hudi = RequireHudi();
        var path = Path.Combine(root, "archived");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version },
            null,
            default);
        int before;
        for (int i = 0; ; i++)
        {
            before = Instants();
            await table.UpsertAsync([await Rows(schema, [i, i + 1], ts: i)]);
            if (i > 25 && Instants() < before)
            {
                break;
            }
        }

        WriteWithMetadata(hudi, path, version, type, Lines([1, 500], ts: 90));
        Right(hudi, path, "Hudi's upsert after it");
        await SameAsync(hudi, table, path, "Hudi's upsert after it");

        int Instants() => Directory.Exists(Path.Combine(path, ".hoodie", "metadata"))
            ? Directory.GetFiles(Path.Combine(path, ".hoodie", "metadata", ".hoodie", "timeline"), "*deltacommit").Length
            : 0;
    }

    private static List<string> Bases(string path) => [.. Directory.GetFiles(Path.Combine(path, ".hoodie", "metadata", "files"), "*.hfile").Where(f => !f.Contains("_0000000000", StringComparison.Ordinal))];

    private void Right(Oracle hudi, string path, string what)
    {
        Assert.Equal("[]", hudi.Ask(new JsonObject { ["op"] = "validate", ["table"] = path }).GetProperty("problems").ToString());
        var output = Path.Combine(root, "with.jsonl");
        hudi.Ask(new JsonObject { ["op"] = "read", ["table"] = path, ["query"] = "snapshot", ["metadata"] = true, ["out"] = output });
        Same(Ask(hudi, path, "snapshot", []), [.. Golden.Rows(output)], what);
    }

    private void WriteWithMetadata(Oracle hudi, string path, int version, TableType type, string lines, int deltaCommits = 10)
    {
        var input = Path.Combine(root, "in.jsonl");
        File.WriteAllText(input, lines);
        hudi.Ask(new JsonObject
        {
            ["op"] = "write",
            ["table"] = path,
            ["operation"] = "upsert",
            ["mode"] = "append",
            ["input"] = input,
            ["schema"] = Ddl,
            ["options"] = new JsonObject
            {
                ["hoodie.table.name"] = "t",
                ["hoodie.datasource.write.table.type"] = type == TableType.CopyOnWrite ? "COPY_ON_WRITE" : "MERGE_ON_READ",
                ["hoodie.write.table.version"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["hoodie.write.auto.upgrade"] = "false",
                ["hoodie.datasource.write.recordkey.field"] = "id",
                ["hoodie.datasource.write.partitionpath.field"] = "city",
                ["hoodie.datasource.write.precombine.field"] = "ts",
                ["hoodie.metadata.enable"] = "true",
                ["hoodie.metadata.compact.max.delta.commits"] = deltaCommits.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["hoodie.compact.inline"] = "false",
            },
        });
    }
}
