using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Tables whose keys both find by consistent hashing, and whose buckets both split and merge.</content>
public sealed partial class HudiInteropTests
{
    private static readonly (string, string)[] OnRings =
    [
        (Indexes.TypeOption, Indexes.Bucket), (BucketIndex.EngineOption, ConsistentBucketIndex.Engine), (BucketIndex.CountOption, "2"),
        ("hoodie.bucket.index.max.num.buckets", "8"), ("hoodie.bucket.index.min.num.buckets", "1"),
        ("hoodie.clustering.updates.strategy", "org.apache.hudi.client.clustering.update.strategy.SparkConsistentBucketDuplicateUpdateStrategy"),
    ];

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task Both_write_and_resize_consistent_buckets(int version)
    {
        var hudi = RequireHudi(always: version == 9);
        var path = Path.Combine(root, "rings");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path),
            schema,
            new TableOptions
            {
                Name = "t", Type = TableType.MergeOnRead, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version, Index = IndexType.Bucket,
                Properties = new Dictionary<string, string> { [BucketIndex.EngineOption] = ConsistentBucketIndex.Engine, [BucketIndex.CountOption] = "2" },
            },
            null,
            default);
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(0, 40), ts: 10)]);
        ByHudi(Enumerable.Range(20, 40), 20);
        Assert.NotEmpty(await table.ClusterAsync(new ClusteringOptions { MaxBuckets = 8, MinBuckets = 1, SplitThreshold = 0.0001, MergeThreshold = 0 }));
        ByHudi(Enumerable.Range(10, 60), 30);
        await table.RefreshAsync();
        await SameAsync(hudi, table, path, "Hudi's upsert after our split");

        var options = string.Join(',', OnRings.Select(o => $"{o.Item1}={o.Item2}").Concat(
        [
            "hoodie.datasource.write.recordkey.field=id", "hoodie.parquet.max.file.size=100", "hoodie.write.auto.upgrade=false", $"hoodie.write.table.version={version}", $"hoodie.metadata.enable={(version >= 8 ? "true" : "false")}",
            "hoodie.clustering.plan.strategy.class=org.apache.hudi.client.clustering.plan.strategy.SparkConsistentBucketClusteringPlanStrategy",
            "hoodie.clustering.execution.strategy.class=org.apache.hudi.client.clustering.run.strategy.SparkConsistentBucketClusteringExecutionStrategy",
        ]));
        hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = $"call run_clustering(path => '{path}', op => 'schedule', options => '{options}')" });

        // Hudi writes to the buckets that the plan is to make, too.
        ByHudi(Enumerable.Range(15, 60), 35);
        Assert.Single(await table.ExecuteClusteringAsync());
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(30, 60), ts: 40)]);
        await SameAsync(hudi, table, path, "our upsert after Hudi's plan, which we executed");
        if (version < 8)
        {
            return;
        }

        hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = $"call run_clustering(path => '{path}', op => 'scheduleAndExecute', options => '{options}')" });
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(50, 60), ts: 50)]);
        Assert.NotEmpty(await table.ClusterAsync(new ClusteringOptions { MaxBuckets = 8, MinBuckets = 1, SplitThreshold = 1000, MergeThreshold = 1000 }));
        ByHudi(Enumerable.Range(0, 120), 60);
        await table.CompactAsync();
        await SameAsync(hudi, table, path, "Hudi's resizing, our merge, Hudi's upsert and our compaction");
        Right(hudi, path, "all of it");

        void ByHudi(IEnumerable<int> keys, int ts) => Write(hudi, path, version, true, TableType.MergeOnRead, Lines(keys, ts), more: OnRings);
    }
}
