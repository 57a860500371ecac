using System.Text;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.BadInput;

/// <summary>Tables that are damaged, or that this engine cannot keep right.</summary>
public sealed class BadTablesTests
{
    private const string Properties = ".hoodie/hoodie.properties";
    private static readonly RecordBatch[] Rows = [Row.ToBatch([TestTable.Of(2, 9), TestTable.Of(3, 9)])];

    [Fact]
    public async Task A_path_that_is_not_a_table()
    {
        var store = new MemoryObjectStore();
        await Refusal.OfAsync(store, () => LakehouseTable.OpenAsync(store), LakehouseErrorKind.NotFound, "not a Hudi table", "memory://memory");
        var folder = Path.Combine(Path.GetTempPath(), "lakehouse-is-not-there");
        var error = await Assert.ThrowsAsync<LakehouseException>(() => LakehouseTable.OpenAsync(folder));
        Assert.Equal(LakehouseErrorKind.NotFound, error.Kind);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("hoodie.table.checksum=[0-9]+", "hoodie.table.checksum=1", LakehouseErrorKind.Corrupt, "checksum")]
    [InlineData("hoodie.table.version=9", "hoodie.table.version=7", LakehouseErrorKind.Unsupported, "7")]
    [InlineData("hoodie.table.version=9", "hoodie.table.version=10", LakehouseErrorKind.Unsupported, "10")]
    public async Task Properties_that_cannot_be_read(string from, string to, LakehouseErrorKind kind, string word)
    {
        var store = await TestTable.MakeAsync(9);
        await EditAsync(store, from, to);
        await Refusal.OfAsync(store, () => LakehouseTable.OpenAsync(store), kind, Properties, word);
    }

    [Theory]
    [InlineData("hoodie.table.keygenerator.type=[A-Z_]+", "hoodie.table.keygenerator.type=USER_PROVIDED\nhoodie.table.keygenerator.class=org.acme.Keys", "org.acme.Keys")]
    [InlineData("hoodie.record.merge.mode=EVENT_TIME_ORDERING", "hoodie.record.merge.mode=CUSTOM\nhoodie.record.merge.strategy.id=00000000-1111-2222-3333-444444444444", "00000000-1111-2222-3333-444444444444")]
    [InlineData("hoodie.record.merge.mode=EVENT_TIME_ORDERING", "hoodie.record.merge.mode=CUSTOM\nhoodie.compaction.payload.class=org.acme.Payload", "org.acme.Payload")]
    public async Task Tables_that_can_be_read_and_not_written(string from, string to, string word)
    {
        var store = await TestTable.MakeAsync(9);
        await EditAsync(store, from, to);
        await Refusal.OfWritesAsync(store, Rows, Enum.GetValues<WriteOperation>(), LakehouseErrorKind.Unsupported, word);
    }

    [Fact]
    public async Task A_table_of_a_bucket_index()
    {
        var folder = Golden.Open("v9/cow_bucket").CopyTable();
        try
        {
            var store = new LocalObjectStore(folder);
            await using var table = await LakehouseTable.OpenAsync(store);
            var rows = await table.ReadAsync().ToListAsync();
            var own = rows[0];
            var data = new RecordBatch(new Schema(own.Schema.FieldsList.Skip(5), null), own.Arrays.Skip(5), own.Length);
            await new LakehouseTableDrop(store).RunAsync();
            foreach (var operation in Enum.GetValues<WriteOperation>())
            {
                await Refusal.OfAsync(store, () => table.WriteAsync(operation, new[] { data }.ToAsyncEnumerable(), new WriteOptions { Index = IndexType.Simple }), LakehouseErrorKind.Unsupported, "bucket index");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.97)]
    [InlineData(0)]
    public async Task A_base_file_that_is_cut_off(double share)
    {
        var store = await TestTable.MakeAsync(9);
        var path = await TestTable.LatestFileAsync(store, "a/");
        var content = await store.ReadAsync(path);
        await store.PutAsync(path, content[..(int)(content.Length * share)], PutCondition.None);
        await Refusal.OfAsync(store, () => TestTable.ReadAsync(store), LakehouseErrorKind.Corrupt, path);
        await Refusal.OfWritesAsync(store, [Row.ToBatch([TestTable.Of(2, 9)])], [WriteOperation.Upsert, WriteOperation.Delete], LakehouseErrorKind.Corrupt, path);
    }

    [Fact]
    public async Task A_base_file_with_damaged_pages_or_none_at_all()
    {
        var store = await TestTable.MakeAsync(9);
        var path = await TestTable.LatestFileAsync(store, "a/");
        var content = (await store.ReadAsync(path)).ToArray();
        var damaged = content.ToArray();
        damaged.AsSpan(4, damaged.Length / 2).Fill(0xEE);
        await store.PutAsync(path, damaged, PutCondition.None);
        await Refusal.OfAsync(store, () => TestTable.ReadAsync(store), LakehouseErrorKind.Corrupt, path);
        await store.DeleteAsync(path);
        await store.PutAsync(path, Encoding.UTF8.GetBytes("this is not Parquet, whatever its name says"), PutCondition.None);
        await Refusal.OfAsync(store, () => TestTable.ReadAsync(store), LakehouseErrorKind.Corrupt, path);
    }

    [Theory]
    [InlineData(6)]
    [InlineData(9)]
    public async Task A_commit_that_is_cut_off(int version)
    {
        var store = await TestTable.MakeAsync(version);
        var path = (await TestTable.ListAsync(store)).Keys.Last(p => p.EndsWith(".commit", StringComparison.Ordinal));
        var content = await store.ReadAsync(path);
        // An Avro file may lack its last 16 bytes, a sync marker: its record is whole then.
        foreach (var length in new[] { 0, 10, content.Length / 2, content.Length - 20 })
        {
            await store.PutAsync(path, content[..length], PutCondition.None);
            await Refusal.OfAsync(store, () => TestTable.ReadAsync(store), LakehouseErrorKind.Corrupt, path);
            await Refusal.OfWritesAsync(store, Rows, Enum.GetValues<WriteOperation>(), LakehouseErrorKind.Corrupt, path);
        }
    }

    [Theory]
    [InlineData("hoodie.keygen.timebased.timestamp.typ", "EPOCHMILLISECONDS", "not known")]
    [InlineData("hoodie.upsert.shuffle.parallelism", "2", "not known")]
    [InlineData("hoodie.datasource.write.partitionpath.field", "other", "contradicts")]
    public async Task A_write_option_that_is_not_known_or_contradicts_the_table(string name, string value, string word)
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store);
        await Refusal.OfAsync(
            store, () => table.UpsertAsync(Rows, new WriteOptions { Properties = new Dictionary<string, string> { [name] = value } }), LakehouseErrorKind.InvalidInput, name, word);
    }

    private static async Task EditAsync(MemoryObjectStore store, string from, string to)
    {
        var text = Encoding.UTF8.GetString((await store.ReadAsync(Properties)).Span);
        var edited = from == "$" ? text + to : System.Text.RegularExpressions.Regex.Replace(text, from, to);
        Assert.NotEqual(text, edited);
        await store.PutAsync(Properties, Encoding.UTF8.GetBytes(edited), PutCondition.None);
    }

    /// <summary>Takes the metadata table out of a golden, which is in the way of what is tested.</summary>
    private sealed class LakehouseTableDrop(LocalObjectStore store)
    {
        public async Task RunAsync()
        {
            var text = Encoding.UTF8.GetString((await store.ReadAsync(Properties)).Span);
            await store.PutAsync(Properties, Encoding.UTF8.GetBytes(System.Text.RegularExpressions.Regex.Replace(text, "hoodie.table.metadata.partitions=.*", "hoodie.table.metadata.partitions=")), PutCondition.None);
        }
    }
}
