using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Concurrency;

/// <summary>Several writers and a service at once, with the threads that the machine has.</summary>
public sealed class ManyWritersTests
{
    [Theory]
    [InlineData(TableType.CopyOnWrite, 9)]
    [InlineData(TableType.MergeOnRead, 9)]
    [InlineData(TableType.CopyOnWrite, 6)]
    public async Task All_that_was_acknowledged_is_there_and_no_key_twice(TableType type, int version)
    {
        var objects = await TestTable.MakeAsync(version, type);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            var (table, _) = await Writers.OpenAsync(objects, Writers.Optimistic(retries: 100));
            for (int n = 0; n < 4; n++)
            {
                // One key that all write, one that is new to all, one of its own.
                await Writers.UpsertAsync(table, TestTable.Of(0, 100 + (n * 10) + writer), TestTable.Of(500 + n, 100 + writer), TestTable.Of(1000 + (writer * 100) + n, 1));
            }
        })));
        var rows = await Writers.RowsAsync(objects);
        Assert.Equal(30 + 4 + 12, rows.Count);
        Assert.Equal(rows.Count, rows.Select(r => r.Split(' ')[0]).Distinct().Count());
        Assert.Contains("k000 a 132", rows);
        Assert.Contains("k500 a 102", rows);
        if (version >= 8)
        {
            await Writers.CheckMetadataAsync(objects);
        }
    }

    [Fact]
    public async Task Writers_that_do_not_block_one_another_log_to_the_same_buckets()
    {
        var objects = new MemoryObjectStore("nbcc");
        var options = new TableOptions { Name = "t", Type = TableType.MergeOnRead, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], Index = IndexType.Bucket, Properties = new Dictionary<string, string> { ["hoodie.bucket.index.num.buckets"] = "1" } };
        await (await LakehouseTable.CreateAsync(objects, Row.Schema, options, TestTable.Resources)).DisposeAsync();
        var nonBlocking = Writers.Optimistic(mode: WriteConcurrencyMode.NonBlockingConcurrencyControl);
        var (a, storeA) = await Writers.OpenAsync(objects, nonBlocking);
        var (b, _) = await Writers.OpenAsync(objects, nonBlocking);
        var (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        var first = Writers.UpsertAsync(a, TestTable.Of(2, 5), TestTable.Of(4, 9));
        await reached;
        await Writers.UpsertAsync(b, TestTable.Of(2, 6), TestTable.Of(4, 8));
        goOn.SetResult();
        await first;
        Assert.Equal(["k002 a 6", "k004 a 9"], await Writers.RowsAsync(objects));
        var logs = (await TestTable.ListAsync(objects)).Keys.Where(p => p.StartsWith("a/.00000000-0000-0000-0000-000000000000-0_", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, logs.Count);

        // A compaction that is planned between a write's beginning and end does not disturb it.
        (reached, goOn) = Writers.StopBeforeFirstFile(storeA);
        first = Writers.UpsertAsync(a, TestTable.Of(2, 7));
        await reached;
        Assert.Single(await b.CompactAsync());
        goOn.SetResult();
        await first;
        Assert.Equal(["k002 a 7", "k004 a 9"], await Writers.RowsAsync(objects));
        await Writers.CheckMetadataAsync(objects);
    }

    [Fact]
    public async Task Where_rows_cannot_be_merged_writers_must_block()
    {
        var objects = await TestTable.MakeAsync(9);
        var (table, _) = await Writers.OpenAsync(objects, Writers.Optimistic(mode: WriteConcurrencyMode.NonBlockingConcurrencyControl));
        var before = await TestTable.ListAsync(objects);
        Assert.Equal(LakehouseErrorKind.InvalidInput, (await Assert.ThrowsAsync<LakehouseException>(() => Writers.UpsertAsync(table, TestTable.Of(2, 7)))).Kind);
        Assert.Equal(before, await TestTable.ListAsync(objects));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_the_local_disk_with_either_lock(bool file)
    {
        var folder = Directory.CreateTempSubdirectory("writers").FullName;
        try
        {
            var options = new TableOptions { Name = "t", Keys = ["id"], Partitions = ["part"], Ordering = ["ts"] };
            await (await LakehouseTable.CreateAsync(folder, Row.Schema, options, TestTable.Resources)).DisposeAsync();
            var concurrency = new ConcurrencyOptions
            {
                Mode = WriteConcurrencyMode.OptimisticConcurrencyControl, MaxClockSkew = TimeSpan.Zero, ConflictRetries = 100, LockProvider = file ? LockProviders.FileSystem() : LockProviders.StorageBased(),
            };
            await Task.WhenAll(Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
            {
                // A store of its own that is not known for a local disk: the lock on the disk alone stands between the writers.
                await using var table = await LakehouseTable.OpenAsync(new HookedStore(new LocalObjectStore(folder)), Writers.Resources(concurrency));
                for (int n = 0; n < 3; n++)
                {
                    await Writers.UpsertAsync(table, TestTable.Of(0, 100 + (n * 10) + writer), TestTable.Of(1000 + (writer * 100) + n, 1));
                }
            })));
            Assert.Equal(10, (await Writers.RowsAsync(new LocalObjectStore(folder))).Count);
            Assert.False(File.Exists(folder + "/.hoodie/lock"));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
    }
}
