using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

public class MetadataTableTests
{
    public static TheoryData<string> Indexed() => [.. OpenedMetadata.Goldens(MetadataPartitions.RecordIndex)];

    [Theory]
    [InlineData("v6/mor_metadata_indexes")]
    [InlineData("v8/cow_metadata_indexes")]
    [InlineData("v8/mor_secondary_index")]
    [InlineData("v9/mor_metadata_indexes")]
    [InlineData("v9/mor_secondary_index")]
    public async Task Each_record_that_is_there_is_found_by_its_key_and_by_its_prefix(string golden)
    {
        var opened = await OpenedMetadata.OpenAsync(golden);
        foreach (string partition in opened.Config.MetadataPartitions)
        {
            var records = await opened.Table.ReadAsync(partition, CancellationToken.None).ToListAsync();
            Assert.NotEmpty(records);
            var found = await opened.Table.FindAsync(partition, [.. records.Select(r => r.Key), "no such key$"], CancellationToken.None);
            Assert.Equal(records.Select(r => r.Key).Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));

            string prefix = records[0].Key[..Math.Min(12, records[0].Key.Length)];
            var begun = await opened.Table.FindByPrefixAsync(partition, [prefix, prefix, records[0].Key], CancellationToken.None).ToListAsync();
            Assert.Equal(records.Where(r => r.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(r => r.Key).Order(StringComparer.Ordinal), begun.Select(r => r.Key).Order(StringComparer.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Indexed))]
    public async Task The_record_index_knows_where_every_row_is(string golden)
    {
        var rows = Golden.Rows(Path.Combine(Golden.Open(golden).Expected, "snapshot.jsonl")).ToList();
        var keys = rows.Select(r => r.GetProperty("_hoodie_record_key").GetString()!).ToList();
        var map = new KeyMap();
        map.AddAll(new StringArray.Builder().AppendRange([.. keys, "no such key", string.Empty]).Build(), new int[keys.Count + 2]);
        var index = await MetadataRecordIndex.OpenAsync((await OpenedMetadata.OpenAsync(golden)).Table);
        Assert.False(index.IsPartitioned);
        var found = (await index.FindAsync(map, null, CancellationToken.None)).ToDictionary(l => l.Key);
        Assert.Equal(keys.Count, found.Count);
        for (int i = 0; i < keys.Count; i++)
        {
            Assert.Equal(rows[i].GetProperty("_hoodie_partition_path").GetString(), found[i].PartitionPath);
            Assert.StartsWith(found[i].FileId, rows[i].GetProperty("_hoodie_file_name").GetString()!.TrimStart('.'), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("v8/mor_secondary_index")]
    [InlineData("v9/mor_secondary_index")]
    public async Task A_secondary_index_finds_the_keys_of_a_value(string golden)
    {
        var opened = await OpenedMetadata.OpenAsync(golden);
        string index = opened.Config.MetadataPartitions.First(p => p.StartsWith(MetadataPartitions.SecondaryIndexPrefix, StringComparison.Ordinal));
        var entries = (await opened.Table.ReadAsync(index, CancellationToken.None).ToListAsync()).Select(r => SecondaryKeys.Split(r.Key)).ToList();
        foreach (var group in entries.GroupBy(e => e.Value))
        {
            Assert.Equal(group.Select(e => e.RecordKey).Order(), (await opened.Table.FindRecordKeysAsync(index, group.Key, CancellationToken.None)).Order());
        }
    }

    [Theory]
    [InlineData("v6/cow_metadata_indexes")]
    [InlineData("v9/cow_metadata_indexes")]
    public async Task Bloom_filters_hold_the_keys_of_their_files(string golden)
    {
        var opened = await OpenedMetadata.OpenAsync(golden);
        int looked = 0;
        foreach (var row in Golden.Rows(Path.Combine(Golden.Open(golden).Expected, "snapshot.jsonl")))
        {
            string file = row.GetProperty("_hoodie_file_name").GetString()!;
            var filters = await opened.Table.FindBloomFiltersAsync(row.GetProperty("_hoodie_partition_path").GetString()!, [file, "none.parquet"], CancellationToken.None);
            Assert.True(Assert.Single(filters).Value.MightContain(System.Text.Encoding.UTF8.GetBytes(row.GetProperty("_hoodie_record_key").GetString()!)));
            looked++;
        }

        Assert.True(looked > 0);
    }

    [Theory]
    [InlineData(".hoodie/metadata")]
    [InlineData(".hoodie/metadata/files")]
    [InlineData(".hoodie/metadata/.hoodie/timeline")]
    public async Task What_is_missing_is_an_error_with_a_remedy(string folder)
    {
        var copy = Golden.Open("v9/mor_metadata_indexes").CopyTable();
        try
        {
            Directory.Delete(Path.Combine(copy, folder), recursive: true);
            var error = await Assert.ThrowsAsync<LakehouseException>(() => ListAsync(new LocalObjectStore(copy)));
            Assert.Equal(LakehouseErrorKind.Corrupt, error.Kind);
            Assert.Contains("hoodie.metadata.enable=false", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task A_missing_file_group_is_an_error_rather_than_a_key_that_is_not_found()
    {
        var copy = Golden.Open("v9/mor_metadata_indexes").CopyTable();
        try
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(copy, ".hoodie/metadata/record_index"), "*record-index-0004-0_*"))
            {
                File.Delete(file);
            }

            var opened = await OpenedMetadata.OpenAsync(new LocalObjectStore(copy));
            var error = await Assert.ThrowsAsync<LakehouseException>(async () => await MetadataRecordIndex.OpenAsync(opened.Table));
            Assert.Contains("missing", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    [Theory]
    [InlineData("v6/mor_metadata_indexes")]
    [InlineData("v9/mor_metadata_indexes")]
    public async Task Random_damage_is_an_error_of_this_library(string golden)
    {
        var copy = Golden.Open(golden).CopyTable();
        try
        {
            var random = new Random(7);
            string[] files = Directory.GetFiles(Path.Combine(copy, ".hoodie/metadata/files"), "*files-0000*");
            int errors = 0;
            for (int i = 0; i < 150; i++)
            {
                string file = files[random.Next(files.Length)];
                byte[] bytes = File.ReadAllBytes(file);
                byte[] damaged = random.Next(4) == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
                for (int n = random.Next(1, 4); n > 0 && damaged.Length > 0; n--)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                File.WriteAllBytes(file, damaged);
                try
                {
                    await ListAsync(new LocalObjectStore(copy));
                }
                catch (LakehouseException e)
                {
                    Assert.Contains(e.Kind, (LakehouseErrorKind[])[LakehouseErrorKind.Corrupt, LakehouseErrorKind.Unsupported]);
                    errors++;
                }

                File.WriteAllBytes(file, bytes);
            }

            Assert.True(errors > 20, $"{errors} errors");
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private static async Task ListAsync(LocalObjectStore store)
    {
        var listing = (await OpenedMetadata.OpenAsync(store)).Listing();
        foreach (var partition in await listing.ListPartitionsAsync((_, _) => { }, CancellationToken.None))
        {
            await listing.ListFilesAsync(partition, CancellationToken.None);
        }
    }
}
