using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using static OllaLab.Lakehouse.Predicates;

namespace OllaLab.Lakehouse.Tests.Skipping;

/// <summary>Conditions on record keys leave the file groups that the record index names, as of the time of the read.</summary>
public sealed class RecordIndexSkippingTests
{
    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task Keys_are_read_from_their_file_groups_alone(TableType type)
    {
        await using var table = await CreateAsync(type);
        var state = await table.RefreshAsync();
        var all = (await ScanPlanner.PlanAsync(state, new ReadOptions(), default)).Slices.Count;
        Assert.True(all > 3, $"{all} slices");
        foreach (var (condition, slices, rows) in new (Predicate, int, int)[]
        {
            (Column("id") == "k005", 1, 1),
            (Column("id").In(["k005", "k0055"]), 1, 1),
            (Column("_hoodie_record_key") == "k005" & Column("ts") >= 0, 1, 1),
            (Column("id") == "nowhere", 0, 0),
        })
        {
            var options = new ReadOptions { Where = condition };
            Assert.Equal(slices, (await ScanPlanner.PlanAsync(state, options, default)).Slices.Count);
            Assert.Equal(rows, await CountAsync(table, options));
        }
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task A_read_finds_what_was_there_when_it_began(TableType type)
    {
        await using var table = await CreateAsync(type);
        var before = await table.RefreshAsync();
        var instant = before.Timeline.LatestCompletedWrite!.RequestedTime;
        await table.DeleteAsync([Row.ToBatch([TestTable.Of(5, 900)])]);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(6, 901)])]);

        // The metadata table is opened only now.
        var options = new ReadOptions { Where = Column("id").In(["k005"]) };
        var plan = await ScanPlanner.PlanAsync(before, options, default);
        Assert.Equal(1, await TableScan.ReadAsync(plan, table.Options, default).Select(b => b.Length).SumAsync());
        Assert.Equal(0, await CountAsync(table, options));
        Assert.Equal(1, await CountAsync(table, new ReadOptions { Where = options.Where, AsOf = instant }));
    }

    private static async Task<LakehouseTable> CreateAsync(TableType type)
    {
        var table = await LakehouseTable.CreateAsync(
            new MemoryObjectStore("keys"),
            Row.Schema,
            new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], Properties = new Dictionary<string, string> { [MetadataOptions.RecordIndexKey] = "true" } },
            TestTable.Resources);
        for (var i = 0; i < 4; i++)
        {
            await table.BulkInsertAsync([Row.ToBatch([.. Enumerable.Range(i * 10, 10).Select(id => TestTable.Of(id, id))])]);
        }

        return table;
    }

    private static async Task<int> CountAsync(LakehouseTable table, ReadOptions options)
    {
        var rows = 0;
        await foreach (var batch in table.ReadAsync(options))
        {
            rows += batch.Length;
            batch.Dispose();
        }

        return rows;
    }
}
