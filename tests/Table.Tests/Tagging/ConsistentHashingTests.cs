using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Table.Tests.Goldens;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.BadInput;
using OllaLab.Lakehouse.Tests.Concurrency;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Tagging;

/// <summary>Tables whose keys are found by consistent hashing: each key in the file group of its bucket, while buckets are split and merged.</summary>
public sealed class ConsistentHashingTests
{
    private static readonly ClusteringOptions Splitting = new() { MaxCommits = 1, MaxBuckets = 8, MinBuckets = 1, SplitThreshold = 0.0001, MergeThreshold = 0 };
    private static readonly ClusteringOptions Merging = new() { MaxBuckets = 8, MinBuckets = 1, SplitThreshold = 1000, MergeThreshold = 1000 };

    [Theory]
    [InlineData(9, 1)]
    [InlineData(8, 2)]
    [InlineData(6, 3)]
    public async Task A_key_is_in_its_bucket(int version, int seed)
    {
        var random = new Random(seed);
        var store = new MemoryObjectStore("rings");
        await using var table = await MakeAsync(store, version);
        var model = new Dictionary<string, string>();
        for (int step = 0; step < 16; step++)
        {
            var rows = Enumerable.Range(0, random.Next(1, 25)).Select(_ => new Row($"k{random.Next(40):000}", "abc"[random.Next(3)].ToString(), step, $"text {step}", random.Next(1000), random.Next(12) == 0 ? true : null)).ToList();
            bool delete = step > 2 && random.Next(4) == 0;
            await table.WriteAsync(delete ? WriteOperation.Delete : WriteOperation.Upsert, Row.ToBatches(rows, 7).ToAsyncEnumerable());
            foreach (var row in rows.GroupBy(r => r.Part + "/" + r.Id).Select(g => (g.Key, Row: g.Last())))
            {
                if (delete || row.Row.IsDelete)
                {
                    model.Remove(row.Key);
                }
                else
                {
                    model[row.Key] = $"{row.Row.Id} {row.Row.Part} {row.Row.Ts} {row.Row.Text}";
                }
            }

            if (step % 5 == 3)
            {
                var done = await table.ClusterAsync(step % 2 == 1 ? Splitting : Merging);
                Assert.NotNull(done);
            }
            else if (random.Next(4) == 0)
            {
                await table.CompactAsync();
            }

            await RightAsync(store, string.Join('\n', model.Values.Order(StringComparer.Ordinal)), $"step {step}");
        }
    }

    [Fact]
    public async Task Partitions_that_are_overwritten_or_deleted_get_new_buckets()
    {
        var store = new MemoryObjectStore("rings");
        await using var table = await MakeAsync(store, 9);
        await table.UpsertAsync([Row.ToBatch([.. TestTable.First])]);
        await table.DeletePartitionsAsync(["a"]);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5), TestTable.Of(4, 5)])]);
        var odd = TestTable.First.Where(r => r.Part == "b").Select(Line);
        await RightAsync(store, string.Join('\n', odd.Concat([Line(TestTable.Of(2, 5)), Line(TestTable.Of(4, 5))]).Order(StringComparer.Ordinal)), "after the deletion");
        await table.WriteAsync(WriteOperation.InsertOverwrite, Row.ToBatches([TestTable.Of(3, 6), TestTable.Of(5, 6)], 7).ToAsyncEnumerable());
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(3, 7), TestTable.Of(7, 7)])]);
        Row[] now = [TestTable.Of(2, 5), TestTable.Of(4, 5), TestTable.Of(3, 7), TestTable.Of(5, 6), TestTable.Of(7, 7)];
        await RightAsync(store, string.Join('\n', now.Select(Line).Order(StringComparer.Ordinal)), "after the overwriting");
        await table.WriteAsync(WriteOperation.InsertOverwriteTable, Row.ToBatches([TestTable.Of(1, 8)], 7).ToAsyncEnumerable());
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 9), TestTable.Of(2, 9)])]);
        await RightAsync(store, string.Join('\n', new[] { Line(TestTable.Of(1, 9)), Line(TestTable.Of(2, 9)) }.Order(StringComparer.Ordinal)), "after the table was overwritten");
    }

    [Theory]
    [InlineData(9, Fault.Before)]
    [InlineData(9, Fault.LostReply)]
    [InlineData(6, Fault.Before)]
    public async Task A_resizing_may_die_at_each_change(int version, Fault fault)
    {
        var original = new MemoryObjectStore("rings");
        await using (var made = await MakeAsync(original, version))
        {
            await made.UpsertAsync([Row.ToBatch([.. TestTable.First])]);
            await made.UpsertAsync([Row.ToBatch([TestTable.Of(0, 2), TestTable.Of(1, 2)])]);
            await made.ScheduleClusteringAsync(Splitting);
        }

        var rows = await TestTable.ReadAsync(original);
        for (int n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var faults = FaultPlan.At(n, fault, dies: true);
            var error = await Record.ExceptionAsync(async () =>
            {
                await using var dying = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, faults), TestTable.Resources);
                await dying.ExecuteClusteringAsync();
            });
            await faults.ReleaseDelayedAsync();
            Assert.True(error is null or LakehouseException, error?.ToString());
            await RightAsync(store, rows, $"{n}");
            await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
            await table.ExecuteClusteringAsync();
            await RightAsync(store, rows, $"{n}, executed again");
            await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 3), TestTable.Of(99, 3)])]);
            await RightAsync(store, rows.Replace("k000 a 2 text 2", "k000 a 3 text 3", StringComparison.Ordinal) + "\nk099 b 3 text 3", $"{n}, written");
            if (!faults.Fired)
            {
                Assert.True(n > 20, $"only {n - 1} operations were made");
                return;
            }
        }
    }

    [Fact]
    public async Task A_resizing_is_rolled_back_and_restored_from()
    {
        var store = new MemoryObjectStore("rings");
        await using var table = await MakeAsync(store, 9);
        var first = await table.UpsertAsync([Row.ToBatch([.. TestTable.First])]);
        var rows = await TestTable.ReadAsync(store);
        await table.ScheduleClusteringAsync(Splitting);
        await Refusal.OfAsync(store, () => table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 3)])]), LakehouseErrorKind.Conflict, "clustering is planned");
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 3)])], new WriteOptions { ClusteringUpdates = ClusteringUpdates.RollBackClustering });
        await table.ClusterAsync(Splitting);
        await table.SavepointAsync(first.Instant!);
        await table.RestoreAsync(first.Instant!);
        await RightAsync(store, rows, "restored");
        Assert.DoesNotContain((await TestTable.ListAsync(store)).Keys, p => p.StartsWith(HashingMetadata.Folder, StringComparison.Ordinal) && !p.EndsWith(HashingRing.First + ".hashing_meta", StringComparison.Ordinal));
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 3)])]);
        await RightAsync(store, rows.Replace("k000 a 1 text 1", "k000 a 3 text 3", StringComparison.Ordinal), "written");
    }

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task Logs_of_the_buckets_that_a_resizing_is_to_make_stay_as_long_as_its_plan_does(int version)
    {
        var store = new MemoryObjectStore("rings");
        await using var table = await MakeAsync(store, version);
        await table.UpsertAsync([Row.ToBatch([.. TestTable.First])]);
        await table.ScheduleClusteringAsync(Splitting);

        // As Hudi's writers name what they write twice while a resizing is planned.
        var state = await table.RefreshAsync();
        var (planned, plan) = Assert.Single(await state.Client.ReadPendingClusteringsAsync(state.Timeline));
        var log = $"{plan.Groups[0].PartitionPath}/.{BucketResize.OutputsOf(plan.Groups[0])[0]}_{planned.RequestedTime}.log.1_0-1-2";
        await store.PutAsync(log, new byte[] { 1 }, PutCondition.IfAbsent);
        await state.Client.StartAsync(planned);
        var rollback = new RollbackExecutor(state.Client, state.Config);
        Assert.True(await rollback.RollBackServiceAsync(await state.Client.LoadAsync(), planned with { State = InstantState.Inflight }));
        Assert.NotNull(await store.GetInfoAsync(log));
        await rollback.DropClusteringAsync(planned);
        Assert.Null(await store.GetInfoAsync(log));
        await RightAsync(store, string.Join('\n', TestTable.First.Select(Line).Order(StringComparer.Ordinal)), "dropped");
    }

    [Fact]
    public async Task A_write_whose_buckets_another_process_changes_is_made_again()
    {
        var store = new MemoryObjectStore("rings");
        await using (var made = await MakeAsync(store, 9))
        {
            await made.UpsertAsync([Row.ToBatch([TestTable.Of(0, 1), TestTable.Of(1, 1)])]);
        }

        // Keys of buckets that have no files yet, in a partition that is deleted while they are written.
        var several = Writers.Optimistic(retries: 2);
        var (table, hooked) = await Writers.OpenAsync(store, several);
        var (other, _) = await Writers.OpenAsync(store, several);
        bool deleted = false;
        hooked.Before = async (kind, path) =>
        {
            if (!deleted && kind == StorageOperationKind.Create && path.StartsWith("a/", StringComparison.Ordinal))
            {
                deleted = true;
                await other.DeletePartitionsAsync(["a"]);
            }
        };
        Row[] rows = [.. Enumerable.Range(1, 8).Select(i => TestTable.Of(2 * i, 2))];
        await table.UpsertAsync([Row.ToBatch(rows)]);
        Assert.True(deleted);
        await table.UpsertAsync([Row.ToBatch([.. rows.Select(r => r with { Ts = 3 })])]);
        await RightAsync(store, string.Join('\n', rows.Select(r => Line(r with { Ts = 3 })).Append(Line(TestTable.Of(1, 1))).Order(StringComparer.Ordinal)), "in turns");
    }

    [Fact]
    public async Task What_does_not_fit_the_table_is_refused()
    {
        var store = new MemoryObjectStore("rings");
        await using var table = await MakeAsync(store, 9);
        await table.UpsertAsync([Row.ToBatch([.. TestTable.First])]);
        RecordBatch[] rows = [Row.ToBatch([TestTable.Of(3, 5)])];
        await Refusal.OfAsync(store, () => table.UpsertAsync(rows, new WriteOptions { Index = IndexType.Simple }), LakehouseErrorKind.Unsupported, "bucket index");
        var plain = new MemoryObjectStore("plain");
        await using var cow = await LakehouseTable.CreateAsync(plain, Row.Schema, OptionsOf(9, TableType.CopyOnWrite), TestTable.Resources);
        await Refusal.OfAsync(plain, () => cow.UpsertAsync(rows), LakehouseErrorKind.Unsupported, "merge-on-read");
    }

    [Fact]
    public async Task A_table_of_Hudis_is_written_and_resized()
    {
        var store = await TestTable.CopyAsync(new LocalObjectStore(Golden.Open("v9/mor_consistent_hashing").Table));
        await using var table = await LakehouseTable.OpenAsync(store);
        var own = await table.ReadAsync().ToListAsync();
        var count = own.Sum(b => b.Length);
        await BucketsAsync(store, "as Hudi left it");
        await table.UpsertAsync([new RecordBatch(new Apache.Arrow.Schema(own[0].Schema.FieldsList.Skip(5), null), own[0].Arrays.Skip(5), own[0].Length)]);
        await BucketsAsync(store, "written");
        Assert.Equal(count, (await table.ReadAsync().ToListAsync()).Sum(b => b.Length));
        await table.ClusterAsync(Splitting);
        await BucketsAsync(store, "split");
        await table.ClusterAsync(Merging);
        await BucketsAsync(store, "merged");
        Assert.Equal(count, (await table.ReadAsync().ToListAsync()).Sum(b => b.Length));
    }

    private static string Line(Row row) => $"{row.Id} {row.Part} {row.Ts} {row.Text}";

    private static TableOptions OptionsOf(int version, TableType type) => new()
    {
        Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version, Index = IndexType.Bucket,
        Properties = new Dictionary<string, string> { [BucketIndex.EngineOption] = ConsistentBucketIndex.Engine, [BucketIndex.CountOption] = "3", [MetadataOptions.GlobalRecordIndexKey] = "false" },
    };

    private static async Task<LakehouseTable> MakeAsync(IObjectStore store, int version) => await LakehouseTable.CreateAsync(store, Row.Schema, OptionsOf(version, TableType.MergeOnRead), TestTable.Resources);

    private static async Task RightAsync(IObjectStore store, string rows, string where)
    {
        Assert.True(rows == await TestTable.ReadAsync(store), where);
        await BucketsAsync(store, where);
    }

    /// <summary>Each row is in the file group that its key's hash names, and there is one for each bucket.</summary>
    private static async Task BucketsAsync(IObjectStore store, string where)
    {
        await using var table = await LakehouseTable.OpenAsync(store);
        var state = await table.RefreshAsync();
        var metadata = new HashingMetadata(store);
        var fields = state.Config.RecordKeyFields;
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = [MetaColumns.RecordKey, MetaColumns.PartitionPath, MetaColumns.FileName] }))
        {
            for (int row = 0; row < batch.Length; row++)
            {
                string Text(int column) => ((StringArray)batch.Column(column)).GetString(row);
                var ring = await metadata.LoadAsync(state.Timeline, Text(1), await state.View.GetSlicesAsync(Text(1)), default);
                Assert.True(ring!.IndexOf(HashingRing.Hash(Text(0), fields)) == ring.IndexOfFile(Text(2).Split('_')[0]), $"{where}: {Text(0)} in {Text(2)}");
            }
        }
    }
}
