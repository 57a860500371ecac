using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>Writes beside a compaction that is planned: before they begin, and while they are under way.</summary>
public sealed class PlannedCompactionTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Later_changes_are_no_part_of_the_plan(int version)
    {
        var store = await TestTable.MakeAsync(version, TableType.MergeOnRead);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var planned = await PlanAsync(table);
        var result = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 9), TestTable.Of(902, 9)])]);

        Assert.Equal((1L, 1L), (result.Inserted, result.Updated));
        Assert.Contains("k002 a 9 text 9", await TestTable.ReadAsync(store), StringComparison.Ordinal);
        var state = await table.RefreshAsync();
        Assert.Equal(planned, Assert.Single(state.Timeline.Pending).RequestedTime);
        var stats = (await state.Client.ReadCommitMetadataAsync(state.Timeline.LatestCompletedWrite!)).PartitionToWriteStats["a"];

        // Version 6 names the log by the compaction; no new row goes to a file that is going to be compacted.
        var log = stats.Single(s => s.Log is not null);
        Assert.True(FileNames.TryParseLogFile("a", log.Path![2..], 0, out var name));
        Assert.Equal(version == 6 ? (planned, 1, planned) : (result.Instant, 1, result.Instant), (name.Instant, name.Version, log.PrevCommit));
        Assert.Equal("null", stats.Single(s => s.Log is null).PrevCommit);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    public async Task One_that_is_planned_meanwhile_is_a_conflict_in_version_6(int version)
    {
        var store = await TestTable.MakeAsync(version, TableType.MergeOnRead);
        await using var other = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var before = await TestTable.ReadAsync(store);
        await using var table = await LakehouseTable.OpenAsync(new HookedStore(store, path => path.Contains(".log.", StringComparison.Ordinal), () => PlanAsync(other)), TestTable.Resources);
        if (version == 6)
        {
            // Its log is named by the slice that the compaction is going to close.
            var error = await Assert.ThrowsAsync<LakehouseException>(() => table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 9)])]));
            Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
            Assert.Equal(before, await TestTable.ReadAsync(store));
            Assert.Single((await other.RefreshAsync()).Timeline.Pending);
        }

        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 9)])]);
        Assert.Contains("k002 a 9 text 9", await TestTable.ReadAsync(store), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Rows_of_a_planned_slice_are_looked_at_where_its_logs_delete_any(bool deletes)
    {
        var (objects, counts) = (new MemoryObjectStore("planned"), new List<int>());
        var options = new TableOptions { Name = "t", Type = TableType.MergeOnRead, Keys = ["Id"], Ordering = ["Ts"] };
        var reads = 0;
        var store = new TestSupport.HookedStore(objects)
        {
            Before = (kind, path) =>
            {
                reads += kind == TestSupport.StorageOperationKind.ReadRange && path.EndsWith(".parquet", StringComparison.Ordinal) ? 1 : 0;
                return Task.CompletedTask;
            },
        };
        await using var table = await LakehouseTable.CreateAsync(store, LakehouseSchema.Of<Kept>(), options, TestTable.Resources);
        await table.UpsertAsync(Enumerable.Range(0, 20).Select(i => new Kept($"k{i:00}", 1)).ToArray());
        await table.UpsertAsync(new Kept[] { new("k00", 2) });
        if (deletes)
        {
            await table.DeleteAsync(new Kept[] { new("k05", 2) });
        }

        await table.UpsertAsync(new Kept[] { new("k01", 3) });
        await UpsertAsync(new("k02", 3));
        await PlanAsync(table);
        await UpsertAsync(new("k03", 3));
        Assert.Equal(deletes, counts[1] > counts[0]);

        // What is deleted is stored in another file; what is not is updated.
        Assert.Equal((deletes ? 1 : 0, deletes ? 0 : 1), await UpsertAsync(new("k05", 4)));
        Assert.Equal(20, (await table.ReadAsync<Kept>().ToListAsync()).Select(r => r.Id).Distinct().Count());

        async Task<(long Inserted, long Updated)> UpsertAsync(Kept row)
        {
            reads = 0;
            var result = await table.UpsertAsync(new[] { row });
            counts.Add(reads);
            return (result.Inserted, result.Updated);
        }
    }

    // What a scheduler writes, of all slices with logs; a scheduler of its own would wait for the write.
    private static async Task<string> PlanAsync(LakehouseTable table)
    {
        var state = await table.RefreshAsync();
        var slices = (await state.View.GetAllSlicesAsync()).Where(s => s.Logs.Count > 0);
        var operations = slices.Select(s => new CompactionOperation(s.PartitionPath, s.FileId, s.BaseInstant, s.Base!.FileName, [.. s.Logs.Select(l => l.FileName)], new Dictionary<string, double>()));
        return (await state.Client.RequestAsync(state.Timeline, Actions.Compaction, new CompactionPlan([.. operations]).Write())).RequestedTime;
    }

    // Does something when the first object of a kind is begun.
    private sealed class HookedStore(IObjectStore inner, Func<string, bool> when, Func<Task> act) : IObjectStore
    {
        private int done;

        public string Root => inner.Root;

        public StorageCapabilities Capabilities => inner.Capabilities;

        public string? GetLocalPath(string path) => inner.GetLocalPath(path);

        public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) => inner.GetInfoAsync(path, cancellationToken);

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) => inner.ReadAsync(path, cancellationToken);

        public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
            inner.ReadRangeAsync(path, offset, destination, cancellationToken);

        public IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, CancellationToken cancellationToken = default) => inner.ListAsync(folder, recursive, cancellationToken);

        public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default) =>
            inner.PutAsync(path, content, condition, cancellationToken);

        public async ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default)
        {
            if (when(path) && Interlocked.Exchange(ref done, 1) == 0)
            {
                await act();
            }

            return await inner.CreateAsync(path, cancellationToken);
        }

        public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) => inner.DeleteAsync(path, cancellationToken);

        public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.DeleteFolderAsync(folder, cancellationToken);

        public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.CreateFolderAsync(folder, cancellationToken);
    }

    private sealed record Kept(string Id, long Ts);
}
