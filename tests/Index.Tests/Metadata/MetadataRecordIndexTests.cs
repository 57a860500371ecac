using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

/// <summary>Record indexes that no golden table has.</summary>
public class MetadataRecordIndexTests
{
    private const string Old = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6-0";
    private const string New = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6-1";

    [Fact]
    public async Task Logs_take_the_place_of_what_the_base_file_says()
    {
        var store = new MemoryObjectStore();
        await MadeMetadata.BeginAsync(store, "files,record_index");
        string[] keys = [.. Enumerable.Range(0, 3000).Select(i => $"key-{i}")];
        foreach (int shard in Enumerable.Range(0, 4))
        {
            var own = keys.Select((key, i) => (Key: key, Number: i)).Where(k => MetadataShards.Of(k.Key, 4) == shard).ToList();
            string fileId = MetadataFileIds.Make(MetadataPartitions.RecordIndex, shard);
            await MadeMetadata.PutBaseAsync(store, MetadataPartitions.RecordIndex, fileId, own.Where(k => k.Number % 5 != 0).Select(k => At(k.Key, Old)));
            await MadeMetadata.PutLogAsync(store, MetadataPartitions.RecordIndex, fileId, own.Where(k => k.Number % 3 == 0).Select(k => k.Number % 2 == 0 ? new MetadataRecord(k.Key, null) : At(k.Key, New)));
        }

        var index = await OpenAsync(store);
        var found = (await index.FindAsync(Map(keys), null, CancellationToken.None)).ToDictionary(l => l.Key, l => l.FileId);
        for (int i = 0; i < keys.Length; i++)
        {
            string? expected = i % 3 == 0 ? (i % 2 == 0 ? null : New) : i % 5 == 0 ? null : Old;
            Assert.Equal(expected, found.GetValueOrDefault(i));
        }
    }

    [Fact]
    public async Task Of_several_logs_the_newest_that_knows_a_key_counts_and_each_is_asked_for_once()
    {
        var store = new MemoryObjectStore();
        await MadeMetadata.BeginAsync(store, "files,record_index");
        string[] keys = [.. Enumerable.Range(0, 500).Select(i => $"key-{i:D3}")];
        string fileId = MetadataFileIds.Make(MetadataPartitions.RecordIndex, 0);
        await MadeMetadata.PutBaseAsync(store, MetadataPartitions.RecordIndex, fileId, keys.Where((_, i) => i % 2 == 0).Select(k => At(k, Old)));
        await MadeMetadata.PutLogAsync(store, MetadataPartitions.RecordIndex, fileId, keys.Where((_, i) => i % 3 == 0).Select((k, n) => n % 2 == 0 ? new MetadataRecord(k, null) : At(k, New)));
        await MadeMetadata.PutLogAsync(store, MetadataPartitions.RecordIndex, fileId, keys.Where((_, i) => i % 5 == 0).Select((k, n) => n % 2 == 0 ? At(k, New, "q") : new MetadataRecord(k, null)), version: 2);

        var reads = new Dictionary<string, int>();
        var hooked = new HookedStore(store)
        {
            Before = (kind, path) =>
            {
                reads[path] = reads.GetValueOrDefault(path) + (kind == StorageOperationKind.ReadRange ? 1 : 0);
                return Task.CompletedTask;
            },
        };
        var table = (await OpenedMetadata.OpenAsync(hooked)).Table;
        var index = await MetadataRecordIndex.OpenAsync(table);
        var found = (await index.FindAsync(Map(keys), null, CancellationToken.None)).ToDictionary(l => l.Key, l => (l.PartitionPath, l.FileId));
        Assert.All(reads.Where(r => r.Key.Contains(".log.")), r => Assert.Equal(1, r.Value));
        Assert.Equal(2, reads.Count(r => r.Key.Contains(".log.")));
        for (int i = 0; i < keys.Length; i++)
        {
            (string, string)? expected = i % 5 == 0 ? (i / 5 % 2 == 0 ? ("q", New) : null) : i % 3 == 0 ? (i / 3 % 2 == 0 ? null : ("p", New)) : i % 2 == 0 ? ("p", Old) : null;
            Assert.Equal(expected, found.TryGetValue(i, out var place) ? place : null);
        }

        Assert.Equal(found.Keys.Select(k => keys[k]).Order(), (await table.FindAsync(MetadataPartitions.RecordIndex, keys, CancellationToken.None)).Keys.Order());
        Assert.Empty(await index.FindAsync(Map(["another", "key-"]), null, CancellationToken.None));
    }

    [Fact]
    public async Task A_partitioned_index_is_asked_about_one_data_partition()
    {
        var store = new MemoryObjectStore();
        await MadeMetadata.BeginAsync(store, "files,record_index");
        foreach (var (partition, fileId) in ((string, string)[])[("a/b", Old), ("x_y-z", New)])
        {
            foreach (int shard in Enumerable.Range(0, 2))
            {
                var records = Enumerable.Range(0, 50).Select(i => $"k{i}").Where(k => MetadataShards.Of(k, 2) == shard).Select(k => At(k, fileId, partition));
                await MadeMetadata.PutLogAsync(store, MetadataPartitions.RecordIndex, MetadataFileIds.Make(MetadataPartitions.RecordIndex, shard, partition), records);
            }
        }

        var index = await OpenAsync(store);
        Assert.True(index.IsPartitioned);
        var keys = Map([.. Enumerable.Range(0, 60).Select(i => $"k{i}")]);
        Assert.Equal([new KeyLocation(7, "x_y-z", New)], (await index.FindAsync(keys, "x_y-z", CancellationToken.None)).Where(l => l.Key == 7));
        Assert.Equal(50, (await index.FindAsync(keys, "a/b", CancellationToken.None)).Count(l => l is { PartitionPath: "a/b", FileId: Old }));
        Assert.Empty(await index.FindAsync(keys, "never written", CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(async () => await index.FindAsync(keys, null, CancellationToken.None));
    }

    private static async Task<MetadataRecordIndex> OpenAsync(IObjectStore store) => await MetadataRecordIndex.OpenAsync((await OpenedMetadata.OpenAsync(store)).Table);

    private static MetadataRecord At(string key, string fileId, string partition = "p") => new(key, RecordIndexLocation.Make(partition, fileId, 0));

    private static KeyMap Map(string[] keys)
    {
        var map = new KeyMap();
        map.AddAll(new StringArray.Builder().AppendRange(keys).Build(), new int[keys.Length]);
        return map;
    }
}
