using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Evolution;

namespace OllaLab.Lakehouse.Tests.Skipping;

/// <summary>What is stored of a file is of the types that its columns had: conditions are on the values as they are read under wider ones.</summary>
public sealed class WidenedColumnSkippingTests
{
    private const string Narrow = "id string, ts bigint, f float, i int, l bigint, n int, d decimal(6,2), t int, city string";
    private const string Wide = "id string, ts bigint, f double, i bigint, l double, n float, d decimal(10,4), t string, city string";

    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    public async Task Values_of_narrower_files_are_found(int version, TableType type)
    {
        await using var table = await EvolvingTable.CreateAsync(new MemoryObjectStore("t"), Narrow, version, type);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Narrow, """{"id":"1","ts":1,"f":0.1,"i":5,"l":9007199254740993,"n":16777217,"d":"1.25","t":7,"city":"x"}""")]);
        if (type == TableType.MergeOnRead)
        {
            // Of its log too.
            await table.UpsertAsync([await EvolvingTable.RowsAsync(Narrow, """{"id":"1","ts":2,"f":0.3,"i":6,"l":9007199254740995,"n":16777219,"d":"2.25","t":8,"city":"x"}""")]);
        }

        await table.UpsertAsync([await EvolvingTable.RowsAsync(Wide, """{"id":"2","ts":3,"f":4.5,"i":60000000000,"l":4.5,"n":4.5,"d":"4.5001","t":"z","city":"y"}""")], new WriteOptions { EvolveSchema = true });
        var rows = await EvolvingTable.ReadAsync(table);
        Assert.Contains(type == TableType.MergeOnRead ? "\"f\":0.3," : "\"f\":0.1,", rows, StringComparison.Ordinal);
        foreach (var row in rows.Split('\n'))
        {
            foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(row)!.AsObject())
            {
                var literal = value!.ToJsonString().Replace('"', '\'');
                Assert.Equal(row, await EvolvingTable.ReadAsync(table, new ReadOptions { Where = Predicate.Parse($"{name} = {literal} AND city IS NOT NULL") }));
            }
        }
    }
}
