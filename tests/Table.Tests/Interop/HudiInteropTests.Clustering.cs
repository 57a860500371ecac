using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Clusterings: each executes what the other planned.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    public async Task Each_executes_the_clustering_that_the_other_planned(int version, TableType type)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "clustered");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version }, null, default);
        await table.BulkInsertAsync([await Rows(schema, Enumerable.Range(0, 200), ts: 10)]);
        await table.BulkInsertAsync([await Rows(schema, Enumerable.Range(200, 200), ts: 10)]);
        await table.UpsertAsync([await Rows(schema, [2, 3, 500], ts: 20)]);
        await table.DeleteAsync([await Rows(schema, [7], ts: 0)]);
        await table.ClusterAsync(new ClusteringOptions { SortColumns = ["fare", "day", "note"], Layout = ClusteringLayout.ZOrder });
        await SameAsync(hudi, table, path, "our clustering");
        Write(hudi, path, version, partitioned: true, type, Lines([2, 3, 402], ts: 30));
        await SameAsync(hudi, table, path, "Hudi's upsert over it");

        // Ours, executed by Hudi, while writes of other rows go on.
        var ours = await table.ScheduleClusteringAsync(new ClusteringOptions { SortColumns = ["ts"] }, always: true, default);
        Assert.NotNull(ours);
        await table.BulkInsertAsync([await Rows(schema, [600, 601], ts: 10)]);
        await SameAsync(hudi, table, path, "our plan and a bulk insert");
        Cluster(hudi, path, version, "execute");
        await SameAsync(hudi, table, path, "Hudi's execution of our plan");
        Assert.True((await table.RefreshAsync()).Timeline.FindCompletedWrite(ours) is { Action: Actions.ReplaceCommit });

        // Hudi's, executed by us: it looks at partitions that were written to since the last.
        await table.UpsertAsync([await Rows(schema, [4, 5, 610, 611], ts: 50)]);
        Cluster(hudi, path, version, "schedule");
        var (theirs, _) = Assert.Single(await (await table.RefreshAsync()).Client.ReadPendingClusteringsAsync((await table.RefreshAsync()).Timeline));
        await table.InsertAsync([await Rows(schema, [700, 701], ts: 10)]);
        Assert.Equal(theirs.RequestedTime, Assert.Single(await table.ExecuteClusteringAsync()).Instant);
        await SameAsync(hudi, table, path, "our execution of Hudi's plan");

        // A run of ours that died, executed again by Hudi, which then goes on.
        Assert.NotNull(await table.ScheduleClusteringAsync(new ClusteringOptions { SortColumns = ["ts"] }, always: true, default));
        var plan = FaultPlan.At(1, Fault.Before, dies: true, o => o.Mutates && o.Path.EndsWith("replacecommit", StringComparison.Ordinal));
        await using (var dying = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(new LocalObjectStore(path), plan)))
        {
            await Assert.ThrowsAsync<LakehouseException>(() => dying.ExecuteClusteringAsync());
        }

        await SameAsync(hudi, table, path, "a clustering of ours that died");
        Cluster(hudi, path, version, "execute");
        await SameAsync(hudi, table, path, "Hudi's execution of it");
        Assert.Empty((await table.RefreshAsync()).Timeline.Pending);
        Write(hudi, path, version, partitioned: true, type, Lines([2, 700, 900], ts: 40));
        await table.UpsertAsync([await Rows(schema, [3, 701], ts: 45)]);
        await SameAsync(hudi, table, path, "upserts at the end");
    }

    private static void Cluster(Oracle hudi, string path, int version, string operation) => hudi.Ask(new JsonObject
    {
        ["op"] = "sql",
        ["sql"] = $"call run_clustering(path => '{path}', op => '{operation}', order => 'fare', options => 'hoodie.write.auto.upgrade=false{(version < 8 ? ",hoodie.metadata.enable=false" : string.Empty)}')",
    });
}
