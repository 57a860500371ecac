using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.BadInput;
using OllaLab.Lakehouse.Tests.Compactions;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Tagging;

/// <summary>Tables with a bucket index: what Hudi made is gone on with, its number of buckets found, and another index refused.</summary>
public sealed class BucketTableTests
{
    public static TheoryData<string> Goldens => [.. Golden.Names().Where(n => n.EndsWith("cow_bucket", StringComparison.Ordinal) || n.EndsWith("mor_bucket", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Goldens))]
    public async Task Tables_of_Hudi_are_written_on(string name)
    {
        var path = Golden.Open(name).CopyTable();
        try
        {
            await using var table = await LakehouseTable.OpenAsync(path);
            var before = await TableRows.ReadAsync(table);
            var groups = await GroupsAsync(table);
            var own = await table.ReadAsync().ToListAsync();
            var data = new RecordBatch(new Apache.Arrow.Schema(own[0].Schema.FieldsList.Skip(5), null), own[0].Arrays.Skip(5), own[0].Length);

            // The rows that are there, again: with a wrong bucket they would be there twice.
            var result = await table.UpsertAsync([data], new WriteOptions { DropMetadataTable = true });
            Assert.Equal((0L, (long)data.Length), (result.Inserted, result.Updated));
            Assert.Equal(before.Count, (await TableRows.ReadAsync(table)).Count);
            Assert.Equal(groups, await GroupsAsync(table));
            await table.DeleteAsync([data]);
            Assert.Equal(before.Count - data.Length, (await TableRows.ReadAsync(table)).Count);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    [Fact]
    public async Task A_merge_on_read_bucket_takes_new_rows_in_its_log_and_a_bulk_insert_too()
    {
        var store = new MemoryObjectStore("buckets");
        await using var table = await MakeAsync(store, TableType.MergeOnRead);
        await table.BulkInsertAsync([Row.ToBatch([.. TestTable.First])]);
        var groups = await GroupsAsync(table);
        Assert.Equal(6, groups.Count);
        await table.InsertAsync([Row.ToBatch([TestTable.Of(500, 1), TestTable.Of(0, 9)])]);
        await table.BulkInsertAsync([Row.ToBatch([TestTable.Of(501, 1)])]);
        Assert.Equal(groups, await GroupsAsync(table));
        Assert.Contains(await (await table.RefreshAsync()).View.GetAllSlicesAsync(), s => s.Logs.Count > 0);
        var rows = (await TestTable.ReadAsync(table)).Split('\n');
        Assert.Equal(32, rows.Length);
        Assert.Contains("k000 a 9 text 9", rows);
        await table.CompactAsync();
        Assert.Equal(rows, (await TestTable.ReadAsync(table)).Split('\n'));
    }

    [Fact]
    public async Task Another_number_of_buckets_another_index_and_hash_fields_are_refused()
    {
        var store = new MemoryObjectStore("buckets");
        await using (var made = await MakeAsync(store, TableType.CopyOnWrite))
        {
            await made.UpsertAsync([Row.ToBatch([.. TestTable.First])]);
        }

        // As Hudi leaves it: nothing in the properties says how the keys are spread.
        var file = ".hoodie/hoodie.properties";
        var text = System.Text.Encoding.UTF8.GetString((await store.ReadAsync(file)).Span);
        text = string.Join('\n', text.Split('\n').Where(l => !l.StartsWith("hoodie.index", StringComparison.Ordinal) && !l.StartsWith("hoodie.bucket", StringComparison.Ordinal)));
        await store.DeleteAsync(file);
        await store.PutAsync(file, System.Text.Encoding.UTF8.GetBytes(text), PutCondition.IfAbsent);
        await using var table = await LakehouseTable.OpenAsync(store);
        RecordBatch[] rows = [Row.ToBatch([TestTable.Of(3, 5), TestTable.Of(900, 5)])];
        async Task RefusedAsync(WriteOptions options, LakehouseErrorKind kind, string word) => await Refusal.OfAsync(store, () => table.UpsertAsync(rows, options), kind, word);
        await RefusedAsync(With(BucketIndex.CountOption, "4"), LakehouseErrorKind.Unsupported, "4 buckets");
        await RefusedAsync(With(BucketIndex.CountOption, "0"), LakehouseErrorKind.InvalidInput, "=0");
        await RefusedAsync(With(BucketIndex.HashFieldOption, "ts"), LakehouseErrorKind.InvalidInput, "ts");
        await RefusedAsync(With(BucketIndex.EngineOption, "CONSISTENT_HASHING"), LakehouseErrorKind.Unsupported, "consistent hashing");
        await RefusedAsync(new WriteOptions { Index = IndexType.GlobalBloom }, LakehouseErrorKind.Unsupported, "GLOBAL_BLOOM");
        var groups = await GroupsAsync(table);
        var result = await table.UpsertAsync(rows);
        Assert.Equal((1L, 1L), (result.Inserted, result.Updated));
        Assert.Equal(groups, await GroupsAsync(table));
    }

    [Fact]
    public async Task A_table_of_another_index_is_not_written_in_buckets()
    {
        var store = await TestTable.MakeAsync(9);
        await using var table = await LakehouseTable.OpenAsync(store);
        await Refusal.OfAsync(store, () => table.UpsertAsync([Row.ToBatch([TestTable.Of(3, 5)])], new WriteOptions { Index = IndexType.Bucket }), LakehouseErrorKind.Unsupported, "bucket index");
    }

    [Fact]
    public async Task File_groups_of_logs_alone_are_compacted_before_keys_are_looked_for_in_base_files()
    {
        var path = Golden.Open("v9/mor_log_only").CopyTable();
        try
        {
            await using var table = await LakehouseTable.OpenAsync(path);
            var own = await table.ReadAsync().ToListAsync();
            var data = new RecordBatch(new Apache.Arrow.Schema(own[0].Schema.FieldsList.Skip(5), null), own[0].Arrays.Skip(5), own[0].Length);
            var count = (await TableRows.ReadAsync(table)).Count;
            var slices = await (await table.RefreshAsync()).View.GetAllSlicesAsync();
            if (slices.Any(s => s.Base is null))
            {
                var error = await Assert.ThrowsAsync<LakehouseException>(() => table.UpsertAsync([data], new WriteOptions { DropMetadataTable = true }));
                Assert.Contains("logs alone", error.Message, StringComparison.Ordinal);
                await table.CompactAsync(new CompactionOptions { DropMetadataTable = true });
            }

            await table.UpsertAsync([data], new WriteOptions { DropMetadataTable = true });
            Assert.Equal(count, (await TableRows.ReadAsync(table)).Count);
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static WriteOptions With(string name, string value) => new() { Index = IndexType.Bucket, Properties = new Dictionary<string, string> { [name] = value } };

    private static Task<LakehouseTable> MakeAsync(MemoryObjectStore store, TableType type) => LakehouseTable.CreateAsync(
        store,
        Row.Schema,
        new TableOptions
        {
            Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], Index = IndexType.Bucket,
            Properties = new Dictionary<string, string> { [BucketIndex.CountOption] = "3" },
        });

    private static async Task<List<string>> GroupsAsync(LakehouseTable table) =>
        [.. (await (await table.RefreshAsync()).View.GetAllSlicesAsync()).Select(s => s.PartitionPath + "/" + s.FileId)];
}
