using System.Text;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The record index, global or with file groups for each data partition. Keys are sorted and go by shard in one pass; texts are made once for each file group that is found.</summary>
internal sealed class MetadataRecordIndex : IRecordIndex
{
    private readonly MetadataTable table;
    private readonly Dictionary<string, IReadOnlyList<FileSlice>> groups;

    private MetadataRecordIndex(MetadataTable table, bool isPartitioned, Dictionary<string, IReadOnlyList<FileSlice>> groups)
    {
        this.table = table;
        IsPartitioned = isPartitioned;
        this.groups = groups;
    }

    public bool IsPartitioned { get; }

    /// <param name="table">The metadata table.</param>
    /// <param name="partitioned">What the index's definition says; null: its file groups tell.</param>
    /// <exception cref="LakehouseException">NotFound: the table has no record index.</exception>
    public static async ValueTask<MetadataRecordIndex> OpenAsync(MetadataTable table, bool? partitioned = null)
    {
        var slices = await table.ListAsync(MetadataPartitions.RecordIndex);
        bool isPartitioned = partitioned ?? (slices.Count > 0 && MetadataFileIds.DataPartitionOf(slices[0].FileId) is not null);
        var groups = slices.GroupBy(s => MetadataFileIds.DataPartitionOf(s.FileId) ?? string.Empty, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => (IReadOnlyList<FileSlice>)[.. g], StringComparer.Ordinal);
        return new MetadataRecordIndex(table, isPartitioned, groups);
    }

    public async ValueTask<IReadOnlyList<KeyLocation>> FindAsync(KeyMap keys, string? partitionPath, CancellationToken cancellationToken)
    {
        var found = new List<KeyLocation>();
        string data = IsPartitioned ? partitionPath ?? throw new ArgumentException("The record index is partitioned.", nameof(partitionPath)) : string.Empty;
        if (!groups.TryGetValue(data, out var slices))
        {
            // No key was written to that partition yet.
            return found;
        }

        var byShard = Split(keys, slices.Count);
        for (int i = 0; i < slices.Count; i++)
        {
            if (byShard[i].Numbers.Count > 0)
            {
                var shard = await table.LoadAsync(MetadataPartitions.RecordIndex, slices[i], cancellationToken);
                await FindAsync(shard, byShard[i], found, cancellationToken);
            }
        }

        return found;
    }

    private async Task FindAsync(MetadataShard shard, (List<int> Numbers, ReadOnlyMemory<byte>[] Keys) wanted, List<KeyLocation> found, CancellationToken cancellationToken)
    {
        var files = new Dictionary<(long, long, int), (string Partition, string FileId)>();
        await table.GuardAsync(async () =>
        {
            await shard.FindNewestAsync(
                wanted.Keys,
                (i, codec, record) =>
                {
                    var (partition, fileId) = FileOf(codec.ReadRecordIndex(record), files);
                    found.Add(new KeyLocation(wanted.Numbers[i], partition, fileId));
                },
                cancellationToken);
            return true;
        });
    }

    /// <summary>The numbers of each shard's keys and the keys, ascending; their bytes lie in one array.</summary>
    private static (List<int> Numbers, ReadOnlyMemory<byte>[] Keys)[] Split(KeyMap keys, int count)
    {
        var shards = new (List<int> Numbers, ReadOnlyMemory<byte>[] Keys)[count];
        for (int i = 0; i < count; i++)
        {
            shards[i].Numbers = [];
        }

        for (int key = 0; key < keys.Count; key++)
        {
            shards[MetadataShards.Of(keys[key], count)].Numbers.Add(key);
        }

        for (int i = 0; i < count; i++)
        {
            var numbers = shards[i].Numbers;
            numbers.Sort((a, b) => keys[a].SequenceCompareTo(keys[b]));
            shards[i].Keys = Copy(keys, numbers);
        }

        return shards;
    }

    private static ReadOnlyMemory<byte>[] Copy(KeyMap keys, List<int> numbers)
    {
        long length = 0;
        foreach (int number in numbers)
        {
            length += keys[number].Length;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)length));
        var copies = new ReadOnlyMemory<byte>[numbers.Count];
        int at = 0;
        for (int i = 0; i < copies.Length; i++)
        {
            var key = keys[numbers[i]];
            key.CopyTo(bytes.AsSpan(at));
            copies[i] = bytes.AsMemory(at, key.Length);
            at += key.Length;
        }

        return copies;
    }

    private static (string Partition, string FileId) FileOf(in RecordIndexEntry entry, Dictionary<(long, long, int), (string Partition, string FileId)> files)
    {
        if (entry.Encoding != 0)
        {
            return (Encoding.UTF8.GetString(entry.PartitionPath), RecordIndexLocation.FileIdOf(entry));
        }

        var id = (entry.HighBits, entry.LowBits, entry.FileIndex);
        if (files.TryGetValue(id, out var known) && entry.PartitionPath.SequenceEqual(Encoding.UTF8.GetBytes(known.Partition)))
        {
            return known;
        }

        return files[id] = (Encoding.UTF8.GetString(entry.PartitionPath), RecordIndexLocation.FileIdOf(entry));
    }
}
