using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Compactions: each executes what the other planned.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9)]
    [InlineData(8)]
    [InlineData(6)]
    public async Task Each_executes_what_the_other_planned(int version)
    {
        var hudi = RequireHudi(always: version != 8);
        var path = Path.Combine(root, "compacted");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions { Name = "t", Type = TableType.MergeOnRead, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version },
            new LakehouseOptions { Write = new WriteOptions { RowGroupRows = 1_000 } },
            default);
        await table.BulkInsertAsync([await Rows(schema, Enumerable.Range(0, 4_000), ts: 10)]);
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(5, 20).Concat(Enumerable.Range(4_000, 50)), ts: 20)]);
        await table.DeleteAsync([await Rows(schema, [7, 3_999], ts: 0)]);

        // Ours, executed by Hudi, with a write of each between.
        var ours = await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 });
        Assert.NotNull(ours);
        await table.UpsertAsync([await Rows(schema, [8, 30], ts: 25)]);
        await SameAsync(hudi, table, path, "our plan and our upsert");
        Write(hudi, path, version, partitioned: true, TableType.MergeOnRead, Lines([9, 31], ts: 26));
        await SameAsync(hudi, table, path, "Hudi's upsert while our plan waits");
        Compact(hudi, path, "execute");
        await SameAsync(hudi, table, path, "Hudi's execution of our plan");
        Assert.True((await table.RefreshAsync()).Timeline.FindCompletedWrite(ours) is { Action: Actions.Commit });

        // Hudi's, executed by us.
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(40, 9), ts: 30)]);
        Compact(hudi, path, "schedule");
        var theirs = Assert.Single((await table.RefreshAsync()).Timeline.Pending, i => i.Action == Actions.Compaction);
        await table.DeleteAsync([await Rows(schema, [41], ts: 0)]);
        Write(hudi, path, version, partitioned: true, TableType.MergeOnRead, Lines([42, 43], ts: 35));
        await SameAsync(hudi, table, path, "writes while Hudi's plan waits");
        Assert.Equal(theirs.RequestedTime, Assert.Single(await table.ExecuteCompactionAsync()).Instant);
        await SameAsync(hudi, table, path, "our execution of Hudi's plan");

        // A run of ours that died, executed again by Hudi.
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(60, 4), ts: 40)]);
        await DieAsync(path);
        await SameAsync(hudi, table, path, "a compaction of ours that died");
        Compact(hudi, path, "execute");
        await SameAsync(hudi, table, path, "Hudi's execution of it");
        Assert.Empty((await table.RefreshAsync()).Timeline.Pending);

        // Logs into logs, then Hudi goes on.
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(60, 4), ts: 45)]);
        await table.DeleteAsync([await Rows(schema, [61, 62], ts: 0)]);
        Assert.NotEmpty(await table.LogCompactAsync(new CompactionOptions { LogBlocksThreshold = 2 }));
        await SameAsync(hudi, table, path, "our log compaction");
        Write(hudi, path, version, partitioned: true, TableType.MergeOnRead, Lines([60, 61], ts: 50));
        await SameAsync(hudi, table, path, "Hudi's upsert over it");
        await table.CompactAsync();
        await SameAsync(hudi, table, path, "our compaction of it");
        Write(hudi, path, version, partitioned: true, TableType.MergeOnRead, Lines([60, 100_000], ts: 60));
        await SameAsync(hudi, table, path, "Hudi's upsert over our compaction");
    }

    private static void Compact(Oracle hudi, string path, string operation) => hudi.Ask(new JsonObject
    {
        ["op"] = "sql",
        ["sql"] = $"call run_compaction(op => '{operation}', path => '{path}', options => 'hoodie.compact.inline.max.delta.commits=1,hoodie.metadata.enable=false,hoodie.write.auto.upgrade=false')",
    });

    // The last change but one, the commit, never happens.
    private static async Task DieAsync(string path)
    {
        await using var healthy = await LakehouseTable.OpenAsync(path);
        Assert.NotNull(await healthy.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 }));
        var plan = FaultPlan.At(1, Fault.Before, dies: true, o => o.Mutates && o.Path.EndsWith("commit", StringComparison.Ordinal));
        await using var table = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(new LocalObjectStore(path), plan));
        await Assert.ThrowsAsync<LakehouseException>(() => table.ExecuteCompactionAsync());
        Assert.Contains((await healthy.RefreshAsync()).Timeline.Pending, i => i is { Action: Actions.Compaction, State: InstantState.Inflight });
    }
}
