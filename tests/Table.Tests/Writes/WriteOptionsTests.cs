using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;

namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>What a write is told, and what it finds out by itself.</summary>
public sealed class WriteOptionsTests
{
    [Theory]
    [InlineData("v9/cow_metadata_indexes")]
    [InlineData("v6/cow_partitioned")]
    public async Task The_metadata_table_is_dropped_when_asked(string golden)
    {
        var folder = Golden.Open(golden).CopyTable();
        try
        {
            var store = new LocalObjectStore(folder);
            await using var table = await LakehouseTable.OpenAsync(store);
            var stored = (await table.ReadAsync().ToListAsync())[0];
            var rows = new RecordBatch(new Schema(stored.Schema.FieldsList.Skip(5), null), stored.Arrays.Skip(5), stored.Length);
            Assert.True(Directory.Exists(Path.Combine(folder, ".hoodie", "metadata")));

            var result = await table.UpsertAsync([rows], new WriteOptions { DropMetadataTable = true });
            Assert.Equal(rows.Length, result.Updated);
            Assert.False(Directory.Exists(Path.Combine(folder, ".hoodie", "metadata")));
            Assert.Equal(string.Empty, table.Properties["hoodie.table.metadata.partitions"]);
            await table.UpsertAsync([rows]);
            Assert.True(Directory.Exists(Path.Combine(folder, ".hoodie", "metadata")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_metadata_table_half_dropped_goes_with_the_next_write_that_asks()
    {
        var store = await TestTable.MakeAsync(9);
        await store.PutAsync(".hoodie/metadata/.hoodie/hoodie.properties", new byte[] { 1 }, PutCondition.IfAbsent);
        await store.PutAsync(".hoodie/metadata/files/x", new byte[] { 1 }, PutCondition.IfAbsent);
        await using var table = await LakehouseTable.OpenAsync(store);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(1, 9)])], new WriteOptions { DropMetadataTable = true });
        Assert.DoesNotContain((await TestTable.ListAsync(store)).Keys, p => p.StartsWith(".hoodie/metadata", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true, BulkInsertSort.None)]
    [InlineData(true, BulkInsertSort.Global)]
    [InlineData(false, BulkInsertSort.None)]
    public async Task A_bulk_insert_of_nothing_but_deletes_makes_no_commit(bool combine, BulkInsertSort sort)
    {
        var store = await TestTable.MakeAsync(9);
        var before = await TestTable.ListAsync(store);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var rows = Row.ToBatches([TestTable.Of(1, 9, deleted: true), TestTable.Of(90, 8), TestTable.Of(90, 9, deleted: true)], 2).ToList();
        var result = await table.BulkInsertAsync(combine ? rows : rows.Skip(1), new WriteOptions { CombineBeforeInsert = combine, BulkInsertSort = sort });
        Assert.Null(result.Instant);
        Assert.Equal(combine ? 3 : 1, result.InputRows);
        Assert.Equal(before, await TestTable.ListAsync(store));
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(6, false)]
    [InlineData(8, true)]
    [InlineData(8, false)]
    public async Task A_complex_key_of_one_field_is_written_as_it_is_stored(int version, bool bare)
    {
        var store = new MemoryObjectStore();
        var options = new TableOptions { Name = "t", Keys = ["id"], Partitions = ["part"], TableVersion = version, KeyGenerator = KeyGeneratorType.Complex };
        await using (var first = await LakehouseTable.CreateAsync(store, Row.Schema, options, TestTable.Resources))
        {
            await first.UpsertAsync(
                [Row.ToBatch([TestTable.Of(1, 1), TestTable.Of(2, 1)])],
                new WriteOptions { Properties = new Dictionary<string, string> { ["hoodie.write.complex.keygen.new.encoding"] = bare ? "true" : "false" } });
        }

        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var result = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 2), TestTable.Of(4, 2)])]);
        Assert.Equal((1L, 1L), (result.Inserted, result.Updated));
        await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = ["_hoodie_record_key", "id"] }))
        {
            for (var i = 0; i < batch.Length; i++)
            {
                Assert.Equal((bare ? string.Empty : "id:") + ((StringArray)batch.Column(1)).GetString(i), ((StringArray)batch.Column(0)).GetString(i));
            }
        }
    }

    [Fact]
    public async Task Two_handles_of_one_table_write_in_turns()
    {
        var folder = Directory.CreateTempSubdirectory("lakehouse-turns-").FullName;
        try
        {
            await using var one = await LakehouseTable.CreateAsync(folder, Row.Schema, new TableOptions { Keys = ["id"], Partitions = ["part"], Ordering = ["ts"] }, TestTable.Resources);
            await using var two = await LakehouseTable.OpenAsync(folder, TestTable.Resources);
            var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).UpsertAsync([Row.ToBatch([TestTable.Of(i, 1)])]))));
            Assert.All(results, r => Assert.Empty(r.RolledBack));
            Assert.Equal(10, (await TestTable.ReadAsync(two)).Split('\n').Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_delete_marker_that_a_write_names_deletes()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store, TestTable.Resources);
        var write = new WriteOptions { Properties = new Dictionary<string, string> { ["hoodie.payload.delete.field"] = "text", ["hoodie.payload.delete.marker"] = "D" } };
        Row[] rows = [TestTable.Of(1, 9) with { Text = "D" }, TestTable.Of(900, 9) with { Text = "D" }, TestTable.Of(901, 9)];
        var result = await table.UpsertAsync([Row.ToBatch(rows)], write);
        Assert.Equal((1L, 0L, 1L), (result.Inserted, result.Updated, result.Deleted));
        Assert.Equal(0, (await table.InsertAsync([Row.ToBatch([rows[1]])], write)).Inserted);
        Assert.Equal(0, (await table.BulkInsertAsync([Row.ToBatch([rows[1]])], write)).Inserted);
    }
}
