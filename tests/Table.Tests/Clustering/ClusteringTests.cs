using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Compactions;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Clustering;

/// <summary>What a clustering makes of a table, and what writes and reads make of a clustering.</summary>
public sealed class ClusteringTests
{
    private static readonly ClusteringOptions Sorted = new() { SortColumns = ["ts", "id"] };

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Small_files_become_one_with_sorted_rows(int version, TableType type)
    {
        var store = await TestTable.MakeAsync(version, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(0, 7), TestTable.Of(2, 0), TestTable.Of(4, 9, deleted: true)])]);
        var earlier = (await table.RefreshAsync()).Timeline.CompletedWrites.Last();
        var before = await TableRows.ReadAsync(table);
        var preview = Assert.Single(await table.ClusterAsync(Sorted with { DryRun = true }));
        Assert.Equal((null, 2), (preview.Instant, preview.FilesWritten));

        var done = Assert.Single(await table.ClusterAsync(Sorted));
        Assert.Equal((2, preview.FileGroups, preview.BytesRead, 2), (done.Partitions, done.FileGroups, done.BytesRead, done.FilesWritten));
        Assert.Equal(before.Count, done.Rows);
        Assert.Equal(before, await TableRows.ReadAsync(table));
        Assert.Equal(before, await TableRows.ReadAsync(table, new ReadOptions { ReadOptimized = true }));
        Assert.Equal(before, await TableRows.ReadAsync(table, new ReadOptions { AsOf = earlier.RequestedTime }));
        Assert.Empty(await TableRows.ReadAsync(table, new ReadOptions { Begin = earlier.CompletionTime ?? earlier.RequestedTime }));
        var slices = await (await table.RefreshAsync()).View.GetAllSlicesAsync();
        Assert.Equal(["a", "b"], slices.Select(s => s.PartitionPath));
        foreach (var partition in (await RowsAsync(table)).GroupBy(r => r.Part))
        {
            Assert.Equal(partition.OrderBy(r => r.Ts).ThenBy(r => r.Id, StringComparer.Ordinal), partition);
        }

        // Keys are found in the new files.
        Assert.Equal(1, (await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 8)])])).Updated);
        Assert.Equal(before.Count, (await TableRows.ReadAsync(table)).Count);
        await MetadataCheck.RunAsync(store, "at the end");
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task Each_file_is_sorted_on_its_own_and_stays_its_file_group(TableType type)
    {
        var store = await TestTable.MakeAsync(9, type);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var before = await TableRows.ReadAsync(table);
        var groups = (await (await table.RefreshAsync()).View.GetAllSlicesAsync()).Select(s => s.FileId);
        var done = Assert.Single(await table.ClusterAsync(Sorted with { Strategy = ClusteringStrategy.SingleFile }));
        var slices = await (await table.RefreshAsync()).View.GetAllSlicesAsync();
        Assert.Equal(groups, slices.Select(s => s.FileId));
        Assert.All(slices, s => Assert.Equal((done.Instant, 0), (s.BaseInstant, s.Logs.Count)));
        Assert.Equal(before, await TableRows.ReadAsync(table));
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 8)])]);
        Assert.Equal(before.Count, (await TableRows.ReadAsync(table)).Count);
        await MetadataCheck.RunAsync(store, "at the end");
    }

    [Fact]
    public async Task Files_have_about_the_target_size_and_memory_may_be_short()
    {
        var store = new MemoryObjectStore("sized");
        var resources = new LakehouseOptions { Threads = 2, ExactMemoryBudget = 100_000, Write = new WriteOptions { ExactRowGroupRows = 100 } };
        await using var table = await LakehouseTable.CreateAsync(store, Row.Schema, new TableOptions { Name = "t", Keys = ["id"], Ordering = ["ts"] }, resources);
        for (var i = 0; i < 4; i++)
        {
            await table.BulkInsertAsync([Row.ToBatch([.. Enumerable.Range(0, 1_000).Select(k => TestTable.Of((k * 7919 % 8_000) + (i * 10_000), i))])]);
        }

        var before = await TableRows.ReadAsync(table);
        var state = await table.RefreshAsync();
        var bytes = (await state.View.GetAllSlicesAsync()).Sum(s => s.Base!.Length);
        var done = Assert.Single(await table.ClusterAsync(new ClusteringOptions { SortColumns = ["number"], TargetFileSize = (bytes / 4) + 1 }));
        Assert.InRange(done.FilesWritten, 2, 5);
        Assert.Equal(before, await TableRows.ReadAsync(table));
        var numbers = (await RowsAsync(table)).GroupBy(r => r.File).Select(f => (Min: f.Min(r => r.Number), Max: f.Max(r => r.Number))).OrderBy(f => f.Min).ToList();
        Assert.All(numbers.Zip(numbers.Skip(1)), p => Assert.True(p.First.Max < p.Second.Min));
    }

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    public async Task A_write_gives_way_to_a_planned_clustering_or_takes_it_back(int version)
    {
        var store = await TestTable.MakeAsync(version, TableType.MergeOnRead);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var before = await TestTable.ReadAsync(store);
        var planned = await table.ScheduleClusteringAsync(Sorted, always: true, default);
        Assert.NotNull(planned);
        Assert.Null(await table.ScheduleClusteringAsync(Sorted, always: true, default));
        Assert.Null(await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 }, always: true, default));
        Row[] change = [TestTable.Of(2, 5)];
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => table.UpsertAsync([Row.ToBatch(change)]))).Kind);
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => table.DeletePartitionsAsync(["a"]))).Kind);
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => table.WriteAsync(WriteOperation.InsertOverwrite, Row.ToBatches(change, 1).ToAsyncEnumerable()))).Kind);
        Assert.Equal(before, await TestTable.ReadAsync(store));

        var written = await table.UpsertAsync([Row.ToBatch(change)], new WriteOptions { ClusteringUpdates = ClusteringUpdates.RollBackClustering });
        Assert.Equal([planned!], written.RolledBackClusterings);
        Assert.Empty((await table.RefreshAsync()).Timeline.Pending);
        Assert.Equal(LakehouseErrorKind.NotFound, (await Assert.ThrowsAsync<LakehouseException>(() => table.ExecuteClusteringAsync(planned))).Kind);
        Assert.Contains("k002 a 5", await TestTable.ReadAsync(store), StringComparison.Ordinal);

        Assert.NotNull(await table.ScheduleClusteringAsync(Sorted, always: true, default));
        Assert.Single(await table.RollBackClusteringAsync());
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 6)])]);
        await MetadataCheck.RunAsync(store, "at the end");
    }

    [Fact]
    public async Task A_write_clusters_when_it_is_due()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var inline = new WriteOptions { InlineClustering = InlineClustering.Execute, Clustering = new ClusteringOptions { MaxCommits = 4 } };
        Assert.Empty((await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5)])], inline)).Clusterings);
        Assert.Single((await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 6)])], inline)).Clusterings);
        Assert.Empty((await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 7)])], inline)).Clusterings);
        Assert.Equal(2, (await (await table.RefreshAsync()).View.GetAllSlicesAsync()).Count);
        var scheduling = new WriteOptions { InlineClustering = InlineClustering.Schedule, Clustering = new ClusteringOptions { MaxCommits = 2 } };
        var written = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 8)])], scheduling);
        Assert.NotNull(written.PlannedClustering);
        Assert.Equal(written.PlannedClustering, Assert.Single(await table.ExecuteClusteringAsync()).Instant);
    }

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    public async Task Change_feeds_do_not_show_it(int version, TableType type)
    {
        var store = new MemoryObjectStore("feed");
        await using var table = await LakehouseTable.CreateAsync(
            store, Row.Schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version, CdcLogging = CdcLogging.BeforeAndAfter }, TestTable.Resources);
        await table.BulkInsertAsync([Row.ToBatch([.. TestTable.First])]);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5), TestTable.Of(4, 5, deleted: true)])]);
        var before = await ChangesAsync(table);
        Assert.Single(await table.ClusterAsync(Sorted));
        Assert.Equal(before, await ChangesAsync(table));
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 6)])]);
        var after = await ChangesAsync(table);
        Assert.Equal("u k002 5 6", Assert.Single(after.Except(before)));
        Assert.Empty(before.Except(after));
    }

    [Fact]
    public async Task A_clustering_whose_files_changed_is_not_executed()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var planned = await table.ScheduleClusteringAsync(Sorted, always: true, default);

        // Another engine has changed a planned file group all the same.
        var state = await table.RefreshAsync();
        var requested = state.Client.PathOf(Assert.Single(state.Timeline.Pending));
        var plan = await store.ReadAsync(requested);
        await store.DeleteAsync(requested);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5)])]);
        await store.PutAsync(requested, plan, PutCondition.IfAbsent);
        var before = await TestTable.ReadAsync(store);
        var error = await Assert.ThrowsAsync<LakehouseException>(() => table.ExecuteClusteringAsync(planned));
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.Equal(before, await TestTable.ReadAsync(store));
        Assert.Equal([planned!], await table.RollBackClusteringAsync(planned));
        Assert.Single(await table.ClusterAsync(Sorted));
        Assert.Equal(before, await TestTable.ReadAsync(store));
    }

    [Fact]
    public async Task Tables_that_cannot_be_clustered_are_refused()
    {
        var store = new MemoryObjectStore("buckets");
        await using var table = await LakehouseTable.CreateAsync(
            store, Row.Schema, new TableOptions { Name = "t", Keys = ["id"], Index = IndexType.Bucket, Properties = new Dictionary<string, string> { ["hoodie.bucket.index.num.buckets"] = "3" } }, TestTable.Resources);
        await table.UpsertAsync([Row.ToBatch([.. TestTable.First])]);
        Assert.Contains("buckets", (await Assert.ThrowsAsync<LakehouseException>(() => table.ClusterAsync())).Message, StringComparison.Ordinal);
        Assert.Equal(LakehouseErrorKind.InvalidInput, (await Assert.ThrowsAsync<LakehouseException>(() => table.ClusterAsync(new ClusteringOptions { SortColumns = ["nowhere"] }))).Kind);
    }

    private static async Task<List<string>> ChangesAsync(LakehouseTable table) =>
        [.. (await table.ReadChangesAsync<ModelRow>("000").ToListAsync()).Select(c => $"{c.Kind.ToString()[..1].ToLowerInvariant()} {c.After?.Id ?? c.Before?.Id} {c.Before?.Ts.ToString() ?? "-"} {c.After?.Ts.ToString() ?? "-"}").Order(StringComparer.Ordinal)];

    private static async Task<List<(string Id, string Part, long Ts, int Number, string File)>> RowsAsync(LakehouseTable table) =>
        [.. (await table.ReadAsync<StoredRow>().ToListAsync()).Select(r => (r.Id, r.Part, r.Ts, r.Number ?? 0, r.FileName))];

    private sealed record ModelRow(string Id, string Part, long Ts);

    private sealed record StoredRow(string Id, string Part, long Ts, int? Number, [property: System.ComponentModel.DataAnnotations.Schema.Column("_hoodie_file_name")] string FileName);
}
