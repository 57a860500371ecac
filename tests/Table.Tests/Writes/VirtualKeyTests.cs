using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>Merge-on-read tables without meta columns hold after any writes what the same table with them holds.</summary>
public sealed class VirtualKeyTests
{
    [Theory]
    [InlineData(9, false, null, true)]
    [InlineData(9, true, 2_000L, false)]
    [InlineData(8, false, 2_000L, false)]
    [InlineData(6, true, null, true)]
    public async Task Logs_are_merged_by_keys_computed_from_the_columns(int version, bool complex, long? memory, bool parquet)
    {
        await using var plain = await MakeAsync(version, complex, memory, true);
        await using var bare = await MakeAsync(version, complex, memory, false);
        var write = new WriteOptions { ExactRowGroupRows = 10, LogBlockFormat = parquet ? LogBlockFormat.Parquet : LogBlockFormat.Avro };
        async Task BothAsync(string what, Func<LakehouseTable, Task> action)
        {
            await action(plain);
            await action(bare);
            var expected = await RowsAsync(plain);
            Assert.NotEmpty(expected);
            Assert.True(expected.SequenceEqual(await RowsAsync(bare)), what);
        }

        await BothAsync("insert", t => t.InsertAsync([Row.ToBatch([.. Enumerable.Range(1, 60).Select(k => Of(k, 10))])], write));
        await BothAsync("upsert", t => t.UpsertAsync([Row.ToBatch([.. Enumerable.Range(1, 20).Select(k => Of(k, k, deleted: k % 5 == 0)), Of(70, 1)])], write));
        await BothAsync("delete", t => t.DeleteAsync([Row.ToBatch([Of(3, 0), Of(41, 0), Of(99, 0)])], write));
        await BothAsync("upsert over logs", t => t.UpsertAsync([Row.ToBatch([Of(3, 20), Of(12, 11), Of(42, 30)])], write));
        await BothAsync("log compaction", t => t.LogCompactAsync(new CompactionOptions { LogBlocksThreshold = 2 }));
        await BothAsync("compaction", t => t.CompactAsync());
        Assert.Equal(await RowsAsync(bare), await RowsAsync(bare, readOptimized: true));
        await BothAsync("upsert after it", t => t.UpsertAsync([Row.ToBatch([Of(3, 40), Of(44, 1), Of(80, 1)])], write));
    }

    [Fact]
    public async Task A_query_of_other_columns_reads_the_keys_beside_them()
    {
        await using var table = await MakeAsync(9, complex: true, null, false);
        await table.InsertAsync([Row.ToBatch([Of(1, 10), Of(2, 10)])]);
        await table.UpsertAsync([Row.ToBatch([Of(2, 20)])]);
        var rows = new List<long>();
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = ["ts"] }))
        {
            Assert.Equal(1, batch.ColumnCount);
            rows.AddRange(((Int64Array)batch.Column(0)).Values.ToArray());
        }

        Assert.Equal([10, 20], rows.Order());
    }

    private static Row Of(int key, long ts, bool deleted = false) => new($"k{key:000}", "a", ts, "text " + ts, key % 7 == 0 ? null : key, deleted ? true : null);

    private static Task<LakehouseTable> MakeAsync(int version, bool complex, long? memory, bool populate) => LakehouseTable.CreateAsync(
        new MemoryObjectStore(populate ? "plain" : "bare"),
        Row.Schema,
        new TableOptions { Name = "t", Type = TableType.MergeOnRead, Keys = complex ? ["id", "part"] : ["id"], Ordering = ["ts"], TableVersion = version, PopulateMetaFields = populate },
        new LakehouseOptions { Threads = 2, ExactMemoryBudget = memory });

    private static async Task<List<string>> RowsAsync(LakehouseTable table, bool readOptimized = false)
    {
        var rows = new List<string>();
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = ["id", "ts", "text", "number"], ReadOptimized = readOptimized }))
        {
            for (var i = 0; i < batch.Length; i++)
            {
                rows.Add($"{((StringArray)batch.Column(0)).GetString(i)} {((Int64Array)batch.Column(1)).GetValue(i)} {((StringArray)batch.Column(2)).GetString(i)} {((Int32Array)batch.Column(3)).GetValue(i)}");
            }
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
