using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Table.Tests.Goldens;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Record and secondary indexes that both keep right, and look keys up in.</content>
public sealed partial class HudiInteropTests
{
    private static readonly (string, string)[] WithRecordIndex = [(MetadataOptions.EnableKey, "true"), (MetadataOptions.RecordIndexKey, "true"), (Indexes.TypeOption, Indexes.GlobalRecordLevel)];

    [Fact]
    public async Task An_expression_index_of_Hudi_is_refused_until_it_is_dropped()
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "x");
        var schema = TableSchema.FromDdl(Ddl, "t");
        Write(hudi, path, 9, true, TableType.MergeOnRead, Lines(Enumerable.Range(0, 9), ts: 10));
        hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = $"create table expressed using hudi location '{path}'" });
        hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = "set hoodie.write.lock.provider=org.apache.hudi.client.transaction.lock.InProcessLockProvider" });
        hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = "create index idx_day on expressed using column_stats(ts) options(expr='from_unixtime', format='yyyy-MM-dd')" });
        await using var table = await LakehouseTable.OpenAsync(path);
        Assert.Contains(await table.GetIndexesAsync(), i => i is { Name: "expr_index_idx_day", State: "ready", Columns: ["ts"], Files: > 0 });
        var error = await Assert.ThrowsAsync<LakehouseException>(async () => await table.UpsertAsync([await Rows(schema, [1, 20], ts: 100_000)]));
        Assert.Contains("expr_index_idx_day (the column_stats of from_unixtime(ts))", error.Message, StringComparison.Ordinal);
        Right(hudi, path, "the refusal");
        Assert.True(await table.DropIndexAsync("idx_day"));
        await table.UpsertAsync([await Rows(schema, [1, 20], ts: 100_000)]);
        await SameAsync(hudi, table, path, "our upsert after the index was dropped");
        Right(hudi, path, "our upsert after the index was dropped");
        var found = hudi.Read(path, more: new JsonObject { ["metadata"] = true, ["filter"] = "from_unixtime(ts, 'yyyy-MM-dd') = '1970-01-02'" });
        Assert.Equal(2, found.Length);
    }

    [Theory]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Both_keep_the_record_index_right(int version, TableType type)
    {
        var hudi = RequireHudi(always: version != 8);
        var path = Path.Combine(root, "r");
        var schema = TableSchema.FromDdl(Ddl, "t");
        var store = new LocalObjectStore(path);
        await using var table = await LakehouseTable.CreateAsync(
            store,
            schema,
            new TableOptions
            {
                Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version, Index = IndexType.GlobalRecordLevel,
                Properties = new Dictionary<string, string> { [MetadataOptions.RecordIndexKey] = "true" },
            },
            null,
            default);
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(0, 40), ts: 10)]);
        await table.DeleteAsync([await Rows(schema, [3, 4], ts: 0)]);
        await FindsAsync("our writes", (2, 1), (3, 0), (999, 0));

        // A key that was deleted comes back, another is new.
        Write(hudi, path, version, true, type, Lines([3, 5, 50], ts: 30), more: WithRecordIndex);
        await FindsAsync("Hudi's upsert over them", (3, 1), (4, 0), (50, 1));
        Write(hudi, path, version, true, type, Lines([50, 7], ts: 40), operation: "delete", more: WithRecordIndex);
        await FindsAsync("Hudi's delete", (50, 0), (7, 0));
        await table.UpsertAsync([await Rows(schema, [4, 7, 50, 51], ts: 50)]);
        await FindsAsync("our upsert over it", (4, 1), (7, 1), (50, 1), (51, 1));
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync();
            await FindsAsync("our compaction", (50, 1), (3, 1));
        }

        if (type == TableType.MergeOnRead || version == 6)
        {
            return;
        }

        // What a secondary index finds, Hudi looks up in the record index.
        await table.CreateIndexAsync(IndexKind.Secondary, new IndexOptions { Column = "note" });
        await table.UpsertAsync([await Rows(schema, [60, 61], ts: 60)]);
        await SecondaryIndexCheck.RunAsync(store, "secondary_index_idx_note", "note", "our writes");
        await FindsAsync("our secondary index", (61, 1));
        Assert.Equal(["k000061"], Keys("note = 'n\u00e961'"));
        Assert.Empty(Keys("note = 'n\u00e97777'"));
        return;

        async Task FindsAsync(string what, params (int Key, int Rows)[] keys)
        {
            await table.RefreshAsync();
            await SameAsync(hudi, table, path, what);
            Right(hudi, path, what);
            await RecordIndexCheck.RunAsync(store, what);
            foreach (var (key, rows) in keys)
            {
                Assert.Equal(rows, Keys($"id = 'k{key:D6}'").Count);
            }
        }

        List<string> Keys(string filter)
        {
            var output = Path.Combine(root, "found.jsonl");
            hudi.Ask(new JsonObject { ["op"] = "read", ["table"] = path, ["query"] = "snapshot", ["metadata"] = true, ["filter"] = filter, ["out"] = output });
            return [.. Golden.Rows(output).Select(r => r.GetProperty("id").GetString()!)];
        }
    }
}
