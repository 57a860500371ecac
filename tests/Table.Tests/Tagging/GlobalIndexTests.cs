using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.BadInput;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Tagging;

/// <summary>What becomes of a row whose key is stored in another partition: each outcome is that of Hudi 1.2.</summary>
public sealed class GlobalIndexTests
{
    public static TheoryData<IndexType, TableType> Cases => new()
    {
        { IndexType.GlobalSimple, TableType.CopyOnWrite },
        { IndexType.GlobalBloom, TableType.CopyOnWrite },
        { IndexType.GlobalSimple, TableType.MergeOnRead },
        { IndexType.GlobalBloom, TableType.MergeOnRead },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_row_moves_where_it_takes_the_place_of_the_stored_one(IndexType index, TableType type)
    {
        var (_, table) = await MakeAsync(index, type);
        await using var _ = table;
        await table.UpsertAsync([Row.ToBatch([Of("k1", "b", 20), Of("k2", "b", 5), Of("k3", "b", 10), Of("k4", "c", 8), Of("k4", "b", 30)])]);
        Assert.Equal("k1 b 20 text 20\nk2 a 10 text 10\nk3 b 10 text 10\nk4 b 30 text 30\nk5 a 10 text 10", await TestTable.ReadAsync(table));
        await table.DeleteAsync([Row.ToBatch([Of("k1", "nowhere", 0), Of("k5", "b", 0)])]);
        Assert.Equal("k2 a 10 text 10\nk3 b 10 text 10\nk4 b 30 text 30", await TestTable.ReadAsync(table));
        await table.UpsertAsync([Row.ToBatch([Of("k3", "a", 50), Of("k4", "a", 29)])]);
        Assert.Equal("k2 a 10 text 10\nk3 a 50 text 50\nk4 b 30 text 30", await TestTable.ReadAsync(table));
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync();
            Assert.Equal("k2 a 10 text 10\nk3 a 50 text 50\nk4 b 30 text 30", await TestTable.ReadAsync(table));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_row_stays_in_its_partition_where_that_is_asked_for(IndexType index, TableType type)
    {
        var (_, table) = await MakeAsync(index, type);
        await using var _ = table;
        var options = new WriteOptions { Properties = new Dictionary<string, string> { [index == IndexType.GlobalBloom ? Indexes.BloomMovesOption : Indexes.SimpleMovesOption] = "false" } };
        await table.UpsertAsync([Row.ToBatch([Of("k1", "b", 20), Of("k2", "b", 5), Of("k6", "b", 1)])], options);
        Assert.Equal("k1 b 20 text 20\nk2 a 10 text 10\nk3 a 10 text 10\nk4 a 10 text 10\nk5 a 10 text 10\nk6 b 1 text 1", await TestTable.ReadAsync(table));
        var slices = await (await table.RefreshAsync()).View.GetAllSlicesAsync();
        Assert.Equal(["a", "b"], slices.Select(s => s.PartitionPath).Order());
    }

    [Fact]
    public async Task Tables_without_record_keys_are_refused()
    {
        var store = new MemoryObjectStore("virtual");
        await using var table = await LakehouseTable.CreateAsync(store, Row.Schema, new TableOptions { Name = "t", Keys = ["id"], Partitions = ["part"], PopulateMetaFields = false });
        await Refusal.OfAsync(store, () => table.UpsertAsync([Row.ToBatch([Of("k1", "a", 1)])], new WriteOptions { Index = IndexType.GlobalSimple }), LakehouseErrorKind.Unsupported, "GLOBAL_SIMPLE");
    }

    private static Row Of(string id, string part, long ts) => new(id, part, ts, $"text {ts}", null, null);

    private static async Task<(MemoryObjectStore Store, LakehouseTable Table)> MakeAsync(IndexType index, TableType type)
    {
        var store = new MemoryObjectStore("global");
        var table = await LakehouseTable.CreateAsync(store, Row.Schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], Index = index });
        await table.UpsertAsync([Row.ToBatch([.. Enumerable.Range(1, 5).Select(i => Of($"k{i}", "a", 10))])]);
        return (store, table);
    }
}
