namespace OllaLab.Lakehouse.FileGroups.Tests;

/// <summary>Logs of many times the memory they are given.</summary>
public class LargeLogTests
{
    private const int Keys = 60_000;
    private const long Budget = 300_000;

    [Fact]
    public async Task Every_key_comes_out_once_and_in_order()
    {
        // Of all keys the base file has the even ones; the log deletes every third and writes the others.
        using var merge = LogBatches.Merge(LogBatches.Rule("EVENT_TIME_ORDERING"), Budget);
        foreach (var block in Enumerable.Range(0, Keys).OrderBy(k => (k * 7919L) % Keys).Chunk(2000))
        {
            merge.Add([.. block.Where(k => k % 3 != 0).Select(k => new LogRow(Name(k), 20, new string('x', 40), k))]);
            merge.Add([.. block.Where(k => k % 3 == 0).Select(k => new LogRow(Name(k), 20) { Deleted = true, FromDeleteBlock = true })]);
        }

        Assert.True(merge.HasSpilled);
        var stored = Enumerable.Range(0, Keys / 2).Select(i => new LogRow(Name(i * 2), 10)).ToList();
        await using var changes = await merge.ResolveAsync(LogBatches.Stored(stored, merge.BaseColumns, 5000), CancellationToken.None);
        Assert.Equal(new ChangeCounts(Keys / 3, Keys / 6, Keys / 3), changes.Counts);
        var (left, inserts) = LogBatches.Apply(changes, stored);
        Assert.All(left.Select((row, i) => (row, i)), r => Assert.Equal(r.i * 2 % 3 == 0 ? null : r.i * 2, r.row?.B));
        Assert.Equal(Enumerable.Range(0, Keys).Where(k => k % 2 == 1 && k % 3 != 0).Select(k => (long?)k), inserts.Select(r => r.B).Order());
    }

    [Fact]
    public async Task Versions_of_few_keys_need_no_disk()
    {
        using var merge = LogBatches.Merge(LogBatches.Rule("COMMIT_TIME_ORDERING"), Budget);
        for (int version = 0; version < 50; version++)
        {
            int v = version;
            merge.Add([.. Enumerable.Range(0, 1000).Select(k => new LogRow(Name(k), v, new string('x', 40), v))]);
        }

        Assert.False(merge.HasSpilled);
        await using var changes = await merge.ResolveAsync(null, CancellationToken.None);
        var (_, inserts) = LogBatches.Apply(changes, []);
        Assert.Equal(1000, inserts.Count);
        Assert.All(inserts, r => Assert.Equal(49, r.B));
    }

    private static string Name(int key) => $"key-{key:D8}";
}
