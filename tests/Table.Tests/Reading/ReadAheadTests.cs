using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Tests.Reading;

/// <summary>With more threads than slices the base file is read while its logs are merged.</summary>
public class ReadAheadTests
{
    private const int Rows = 5_000;

    [Theory]
    [InlineData(1, 64L << 20)]
    [InlineData(4, 64L << 20)]
    [InlineData(4, 50_000L)]
    public async Task The_rows_and_their_order_do_not_depend_on_threads_and_memory(int threads, long memory)
    {
        var table = await MakeAsync(threads, memory);
        Assert.Equal(Enumerable.Range(0, Rows).Select(Expected), await Read(table).ToListAsync());
        await table.DisposeAsync();
    }

    [Fact]
    public async Task A_read_may_end_early()
    {
        var table = await MakeAsync(4, 50_000);
        Assert.Equal(Enumerable.Range(0, 3).Select(Expected), await Read(table).Take(3).ToListAsync());
        Assert.Equal(Rows, await Read(table).CountAsync());
        await table.DisposeAsync();
    }

    [Fact]
    public async Task A_damaged_base_file_is_told()
    {
        var store = new MemoryObjectStore();
        await using var table = await MakeAsync(4, 64 << 20, store);
        var path = Assert.Single(await store.ListAsync("", recursive: true).Select(f => f.Path).Where(p => p.EndsWith(".parquet", StringComparison.Ordinal)).ToListAsync());
        var damaged = (await store.ReadAsync(path)).ToArray();
        damaged.AsSpan(4, damaged.Length / 2).Fill(0xFF);
        await store.PutAsync(path, damaged, PutCondition.None);
        await Assert.ThrowsAsync<LakehouseException>(async () => await Read(table).CountAsync());
    }

    private static IAsyncEnumerable<Item> Read(LakehouseTable table) => table.ReadAsync<Item>(new ReadOptions { BatchRows = 100 });

    private static Item Expected(int i) => new($"{i:D5}", i % 10 == 0 ? 2 : 1);

    private static async Task<LakehouseTable> MakeAsync(int threads, long memory, MemoryObjectStore? store = null)
    {
        var table = await LakehouseTable.CreateAsync(
            store ?? new MemoryObjectStore(), LakehouseSchema.Of<Item>(), new() { Type = TableType.MergeOnRead, Keys = ["Id"], Ordering = ["Ts"] }, new LakehouseOptions { Threads = threads, ExactMemoryBudget = memory });
        await table.WriteAsync(WriteOperation.BulkInsert, Enumerable.Range(0, Rows).Select(i => new Item($"{i:D5}", 1)).ToAsyncEnumerable());
        await table.UpsertAsync(Enumerable.Range(0, Rows / 10).Select(i => new Item($"{i * 10:D5}", 2)));
        return table;
    }

    private sealed record Item(string Id, long Ts);
}
