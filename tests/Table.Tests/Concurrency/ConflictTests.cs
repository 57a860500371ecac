using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Concurrency;

/// <summary>Two writers at once: which of them commits, by the races that were watched between two processes of real Hudi (format G.6), and what the other leaves.</summary>
public sealed class ConflictTests
{
    public static TheoryData<TableType, int> Tables => new() { { TableType.CopyOnWrite, 9 }, { TableType.CopyOnWrite, 6 }, { TableType.MergeOnRead, 9 }, { TableType.MergeOnRead, 8 }, { TableType.MergeOnRead, 6 } };

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Of_two_that_change_one_file_group_the_first_to_complete_wins(TableType type, int version)
    {
        var objects = await TestTable.MakeAsync(version, type);
        var (a, storeA) = await Writers.OpenAsync(objects);
        var (b, _) = await Writers.OpenAsync(objects);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var losing = Writers.UpsertAsync(a, TestTable.Of(2, 5));
        await reached;
        var winner = await Writers.UpsertAsync(b, TestTable.Of(2, 6));
        goOn.SetResult();
        var error = await Assert.ThrowsAsync<LakehouseException>(() => losing);
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.True(error.IsTransient);
        Assert.NotNull(error.Instant);
        Assert.True(string.CompareOrdinal(error.Instant, winner.Instant) < 0);
        Assert.Contains(winner.Instant!, error.Message);
        Assert.Contains("file group", error.Message);

        // It leaves nothing but its rollback, and is done again with success.
        var state = await b.RefreshAsync();
        Assert.Empty(state.Timeline.Pending);
        Assert.Empty(await objects.ListAsync(".hoodie/.heartbeat", recursive: true).ToListAsync());
        Assert.Empty(await objects.ListAsync(".hoodie/.temp", recursive: true).ToListAsync());
        Assert.Contains("k002 a 6", await Writers.RowsAsync(objects));
        await Writers.UpsertAsync(a, TestTable.Of(2, 7));
        Assert.Contains("k002 a 7", await Writers.RowsAsync(objects));
        if (version >= 8)
        {
            await MetadataCheck.RunAsync(objects, "after a conflict");
        }
    }

    [Theory]
    [MemberData(nameof(Tables))]
    public async Task Of_two_in_different_file_groups_both_commit(TableType type, int version)
    {
        var objects = await TestTable.MakeAsync(version, type);
        var (a, storeA) = await Writers.OpenAsync(objects);
        var (b, _) = await Writers.OpenAsync(objects);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var first = Writers.UpsertAsync(a, TestTable.Of(2, 5));
        await reached;
        var second = await Writers.UpsertAsync(b, TestTable.Of(3, 5));
        goOn.SetResult();
        Assert.True(string.CompareOrdinal((await first).Instant, second.Instant) < 0);
        Assert.True(version == 6 || string.CompareOrdinal((await first).CompletionTime, second.CompletionTime) > 0);
        var rows = await Writers.RowsAsync(objects);
        Assert.Contains("k002 a 5", rows);
        Assert.Contains("k003 b 5", rows);
        Assert.Equal(30, rows.Count);
        if (version >= 8)
        {
            await MetadataCheck.RunAsync(objects, "after two commits");
        }
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task A_new_key_is_not_stored_twice(TableType type)
    {
        var objects = await TestTable.MakeAsync(9, type);
        var (a, storeA) = await Writers.OpenAsync(objects);
        var (b, _) = await Writers.OpenAsync(objects);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var losing = Writers.UpsertAsync(a, TestTable.Of(100, 5) with { Part = "c" }, TestTable.Of(102, 5) with { Part = "c" });
        await reached;
        await Writers.UpsertAsync(b, TestTable.Of(101, 6) with { Part = "c" }, TestTable.Of(102, 6) with { Part = "c" });
        goOn.SetResult();
        var error = await Assert.ThrowsAsync<LakehouseException>(() => losing);
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.Contains("'k102'", error.Message);
        Assert.EndsWith(".parquet", error.Path);
        Assert.Equal(["k101 c 6", "k102 c 6"], (await Writers.RowsAsync(objects)).Where(r => r.Contains(" c ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite, IndexType.Simple)]
    [InlineData(TableType.MergeOnRead, IndexType.Simple)]
    [InlineData(TableType.CopyOnWrite, IndexType.Bucket)]
    [InlineData(TableType.MergeOnRead, IndexType.Bucket)]
    public async Task A_key_that_is_stored_while_a_delete_looks_for_it_does_not_outlive_it(TableType type, IndexType index)
    {
        var objects = new MemoryObjectStore("deletes");
        var buckets = new Dictionary<string, string>(index == IndexType.Bucket ? [KeyValuePair.Create("hoodie.bucket.index.num.buckets", "64")] : []);
        var options = new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], Index = index, Properties = buckets };
        await using (var made = await LakehouseTable.CreateAsync(objects, Row.Schema, options, TestTable.Resources))
        {
            await made.UpsertAsync([Row.ToBatch([.. TestTable.First])]);
        }

        var (a, storeA) = await Writers.OpenAsync(objects, Writers.Optimistic(retries: 1));
        var (b, _) = await Writers.OpenAsync(objects);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var deleting = a.DeleteAsync([Row.ToBatch([TestTable.Of(2, 5), TestTable.Of(100, 5)])]);
        await await Task.WhenAny(reached, deleting);
        await Writers.UpsertAsync(b, TestTable.Of(100, 6));
        goOn.SetResult();
        Assert.Equal(2, (await deleting).Deleted);
        Assert.DoesNotContain(await Writers.RowsAsync(objects), r => r.StartsWith("k100", StringComparison.Ordinal) || r.StartsWith("k002", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(WriteOperation.InsertOverwrite)]
    [InlineData(WriteOperation.InsertOverwriteTable)]
    public async Task A_key_that_is_stored_while_its_partition_is_overwritten_is_not_stored_twice(WriteOperation operation)
    {
        var objects = await TestTable.MakeAsync(9);
        var (a, storeA) = await Writers.OpenAsync(objects);
        var (b, _) = await Writers.OpenAsync(objects);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var losing = a.WriteAsync(operation, new[] { Row.ToBatch([TestTable.Of(102, 5) with { Part = "c" }]) }.ToAsyncEnumerable());
        await reached;
        await Writers.UpsertAsync(b, TestTable.Of(102, 6) with { Part = "c" });
        goOn.SetResult();
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => losing)).Kind);
        Assert.Equal(["k102 c 6"], (await Writers.RowsAsync(objects)).Where(r => r.Contains(" c ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Different_new_keys_of_a_partition_do_not_conflict()
    {
        var objects = await TestTable.MakeAsync(9);
        var (a, storeA) = await Writers.OpenAsync(objects);
        var (b, _) = await Writers.OpenAsync(objects);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var first = Writers.UpsertAsync(a, TestTable.Of(100, 5) with { Part = "c" });
        await reached;
        await Writers.UpsertAsync(b, TestTable.Of(101, 6) with { Part = "c" });
        goOn.SetResult();
        await first;
        Assert.Equal(32, (await Writers.RowsAsync(objects)).Count);
    }

    [Fact]
    public async Task A_write_that_lost_is_made_again_within_its_bound()
    {
        var objects = await TestTable.MakeAsync(9);
        var (a, storeA) = await Writers.OpenAsync(objects, Writers.Optimistic(retries: 2));
        var (b, _) = await Writers.OpenAsync(objects);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var again = Writers.UpsertAsync(a, TestTable.Of(100, 5) with { Part = "c" }, TestTable.Of(2, 9));
        await reached;
        await Writers.UpsertAsync(b, TestTable.Of(100, 4) with { Part = "c" }, TestTable.Of(4, 9));
        goOn.SetResult();
        var result = await again;
        Assert.Equal((0, 2, 2), (result.Inserted, result.Updated, result.InputRows));
        var rows = await Writers.RowsAsync(objects);
        Assert.Equal(31, rows.Count);
        Assert.Contains("k100 c 5", rows);
        Assert.Contains("k002 a 9", rows);
        Assert.Contains("k004 a 9", rows);

        // Each of its attempts loses.
        storeA.Before = async (kind, path) =>
        {
            if (kind == StorageOperationKind.Create && path.StartsWith("a/", StringComparison.Ordinal))
            {
                await Writers.UpsertAsync(b, TestTable.Of(2, 10));
            }
        };
        Assert.Equal(LakehouseErrorKind.Conflict, (await Assert.ThrowsAsync<LakehouseException>(() => Writers.UpsertAsync(a, TestTable.Of(2, 11)))).Kind);
    }

    [Fact]
    public async Task A_compaction_in_another_process_does_not_disturb_a_write()
    {
        var objects = await TestTable.MakeAsync(9, TableType.MergeOnRead);
        var (a, storeA) = await Writers.OpenAsync(objects);
        var (b, _) = await Writers.OpenAsync(objects);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var write = Writers.UpsertAsync(a, TestTable.Of(0, 7));
        await reached;
        Assert.Single(await b.CompactAsync());
        goOn.SetResult();
        await write;
        Assert.Contains("k000 a 7", await Writers.RowsAsync(objects));
        await MetadataCheck.RunAsync(objects, "after a compaction beside a write");
    }

    [Fact]
    public async Task Two_processes_do_not_execute_one_compaction()
    {
        var objects = await TestTable.MakeAsync(9, TableType.MergeOnRead);
        var (a, storeA) = await Writers.OpenAsync(objects);
        var (b, _) = await Writers.OpenAsync(objects);
        var planned = await a.ScheduleCompactionAsync(new CompactionOptions(), always: true, CancellationToken.None);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var execution = a.ExecuteCompactionAsync(planned);
        await reached;
        var error = await Assert.ThrowsAsync<LakehouseException>(() => b.ExecuteCompactionAsync(planned));
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        goOn.SetResult();
        Assert.Single(await execution);
        Assert.Empty((await b.RefreshAsync()).Timeline.Pending);
    }

    [Fact]
    public async Task Markers_of_a_living_writer_are_noticed_early()
    {
        var objects = await TestTable.MakeAsync(9);
        var (a, storeA) = await Writers.OpenAsync(objects);
        var (b, storeB) = await Writers.OpenAsync(objects, Writers.Optimistic(early: true));
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var first = Writers.UpsertAsync(a, TestTable.Of(2, 5));
        await reached;
        var files = 0;
        storeB.Before = (kind, path) =>
        {
            files += kind == StorageOperationKind.Create && path.StartsWith("a/", StringComparison.Ordinal) ? 1 : 0;
            return Task.CompletedTask;
        };
        var error = await Assert.ThrowsAsync<LakehouseException>(() => Writers.UpsertAsync(b, TestTable.Of(4, 5)));
        Assert.Equal(LakehouseErrorKind.Conflict, error.Kind);
        Assert.Equal(0, files);
        goOn.SetResult();
        await first;
    }
}
