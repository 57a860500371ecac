namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>
/// A key that inserts have stored several times in one base file. Hudi merges logs with record positions at each of the positions, and a writer lists them all; without positions it merges
/// by key, which meets the first row alone (seen with Hudi 1.2 reading what either engine wrote).
/// </summary>
public class DuplicateKeyLogTests
{
    [Theory]
    [InlineData(9, true, 0)]
    [InlineData(8, true, 0)]
    [InlineData(9, false, 1)]
    [InlineData(6, true, 1)]
    public async Task A_delete_meets_all_of_its_rows_where_logs_have_positions(int version, bool positions, int left)
    {
        await using var table = await LakehouseTable.CreateAsync(
            new Storage.MemoryObjectStore(), LakehouseSchema.Of<Item>(), new() { Type = TableType.MergeOnRead, TableVersion = version, Keys = ["Id"], Ordering = ["Ts"] });
        await table.WriteAsync(WriteOperation.Insert, new Item[] { new("a", 1), new("b", 1), new("a", 2) }.ToAsyncEnumerable());
        Assert.Equal(3, await table.ReadAsync<Item>().CountAsync());

        await table.DeleteAsync([new Item("a", 9)], new WriteOptions { RecordPositions = positions });
        Assert.Equal(Enumerable.Repeat("a", left).Prepend("b"), await table.ReadAsync<Item>().Select(i => i.Id).ToListAsync());
        await table.CompactAsync();
        Assert.Equal(Enumerable.Repeat("a", left).Prepend("b"), await table.ReadAsync<Item>().Select(i => i.Id).ToListAsync());
    }

    private sealed record Item(string Id, long Ts);
}
