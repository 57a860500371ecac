using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;

namespace OllaLab.Lakehouse.Tests.Model;

/// <summary>With event-time ordering it does not matter in which order changes arrive in the logs: the one with the greatest ordering value counts, a delete among them.</summary>
public sealed class ArrivalOrderTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Whatever_comes_first_the_greatest_ordering_value_counts(int version)
    {
        var random = new Random(version);
        for (int round = 0; round < 4; round++)
        {
            // Each change has an ordering value of its own: which of two equal ones counts is a matter of order.
            int ts = 1;
            var changes = Enumerable.Range(0, 12).Select(_ => TestTable.Of(random.Next(5), ++ts, deleted: random.Next(4) == 0)).ToArray();
            var expected = TestTable.First.Take(5).Concat(changes).GroupBy(r => r.Id).Select(g => g.MaxBy(r => r.Ts)!).Where(r => r.Deleted != true).Select(r => $"{r.Id} {r.Part} {r.Ts} {r.Text}").Order(StringComparer.Ordinal);
            for (int order = 0; order < 3; order++)
            {
                random.Shuffle(changes);
                Assert.Equal(string.Join('\n', expected), await WriteAsync(version, changes));
            }
        }
    }

    private static async Task<string> WriteAsync(int version, Row[] changes)
    {
        var store = new MemoryObjectStore("order");
        await using var table = await LakehouseTable.CreateAsync(store, Row.Schema, new TableOptions { Name = "t", Type = TableType.MergeOnRead, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version }, TestTable.Resources);
        await table.BulkInsertAsync([Row.ToBatch([.. TestTable.First.Take(5)])]);
        foreach (var part in changes.Chunk(4))
        {
            await table.UpsertAsync(part.Select(r => Row.ToBatch([r])));
        }

        return await TestTable.ReadAsync(store);
    }
}
