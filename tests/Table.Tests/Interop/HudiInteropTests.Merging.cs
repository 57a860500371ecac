using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Merges by clauses, ours and Hudi's MERGE INTO, in turns.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Each_goes_on_after_merges_of_either(int version, TableType type)
    {
        const string Columns = "id string, ts bigint, v int, note string, city string";
        static string Line(int k, long ts, int v, string note) => $$"""{"id":"k{{k}}","ts":{{ts}},"v":{{v}},"note":"{{note}}","city":"{{(k % 2 == 0 ? "x" : "y")}}"}""";
        var hudi = RequireHudi(always: (version, type) is (9, _) or (6, TableType.MergeOnRead));
        var path = Path.Combine(root, "merged");
        var schema = TableSchema.FromDdl(Columns, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version }, null, default);
        await table.UpsertAsync([await Parse(schema, [.. Enumerable.Range(0, 12).Select(k => Line(k, 1, k, "first"))])]);
        Write(hudi, path, version, true, type, Line(1, 2, 10, "theirs") + "\n" + Line(20, 2, 20, "theirs"), Columns);

        async Task MergeAsync(int from, long ts)
        {
            // Deleted, set in part, taken as it is, too old, inserted, left out.
            var source = await Parse(schema, [Line(from, ts, -1, "gone"), Line(from + 1, ts, 200, "set"), Line(from + 2, ts, 5, "all"), Line(from + 3, 0, 5, "late"), Line(from + 100, ts, 5, "new"), Line(from + 101, ts, 50, "not")]);
            var done = await table.Merge([source])
                .WhenMatchedDelete(Column("source.v") < 0)
                .WhenMatchedUpdate(Column("source.v") > 100, new Dictionary<string, Assignment> { ["note"] = Assignment.Column("source.note") })
                .WhenMatchedUpdate()
                .WhenNotMatchedInsert(Column("source.v") != 50)
                .ExecuteAsync();
            Assert.Equal((5, 1, 1), (done.InputRows, done.Inserted, done.Deleted));
        }

        await MergeAsync(0, 3);
        await SameAsync(hudi, table, path, "our merge");
        Write(hudi, path, version, true, type, string.Join('\n', Line(0, 4, 0, "back"), Line(2, 4, 4, "theirs"), Line(100, 4, 9, "theirs")), Columns);
        await SameAsync(hudi, table, path, "Hudi's upsert over our merge");

        string[] settings = ["hoodie.write.auto.upgrade=false", $"hoodie.write.table.version={version}", $"hoodie.metadata.enable={(version >= 8 ? "true" : "false")}"];
        foreach (var setting in settings)
        {
            Sql(hudi, "set " + setting);
        }

        try
        {
            var name = $"merged_{version}_{type}".ToLowerInvariant();
            Sql(hudi, $"create table {name} using hudi location '{path}'");
            static string Row(int k, long ts, int v, string note) => $"select 'k{k}' as id, cast({ts} as bigint) as ts, {v} as v, '{note}' as note, '{(k % 2 == 0 ? "x" : "y")}' as city";
            var source = string.Join(" union all ", Row(4, 5, -1, "gone"), Row(5, 5, 7, "sql"), Row(100, 5, 7, "sql"), Row(120, 5, 7, "sql"));
            Sql(hudi, $"merge into {name} as t using ({source}) as s on t.id = s.id when matched and s.v < 0 then delete when matched then update set * when not matched then insert *");
        }
        finally
        {
            foreach (var setting in settings)
            {
                Sql(hudi, "reset " + setting[..setting.IndexOf('=', StringComparison.Ordinal)]);
            }
        }

        await SameAsync(hudi, table, path, "Hudi's merge");
        await MergeAsync(5, 6);
        await SameAsync(hudi, table, path, "our merge over Hudi's");
        await table.CompactIfAsync(type);
        await SameAsync(hudi, table, path, "our compaction");
        Write(hudi, path, version, true, type, Line(7, 7, 7, "end") + "\n" + Line(120, 7, 7, "end"), Columns);
        await SameAsync(hudi, table, path, "Hudi's upsert at the end");
    }
}
