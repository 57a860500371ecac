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
        var parts = new List<KeyLocation>[slices.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, slices.Count).Where(i => byShard[i].Numbers.Length > 0),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken },
            async (i, token) =>
            {
                var shard = await table.LoadAsync(MetadataPartitions.RecordIndex, slices[i], token);
                await FindAsync(shard, byShard[i], parts[i] = new List<KeyLocation>(byShard[i].Numbers.Length), token);
            });
        foreach (var part in parts)
        {
            found.AddRange(part ?? []);
        }

        return found;
    }

    private async Task FindAsync(MetadataShard shard, (int[] Numbers, ReadOnlyMemory<byte>[] Keys) wanted, List<KeyLocation> found, CancellationToken cancellationToken)
    {
        var files = new Dictionary<(long, long, int), KnownFile>();
        await table.GuardAsync(async () =>
        {
            await shard.FindNewestAsync(
                wanted.Keys,
                (i, codec, record) =>
                {
                    var file = FileOf(codec.ReadRecordIndex(record), files);
                    found.Add(new KeyLocation(wanted.Numbers[i], file.Partition, file.FileId));
                },
                cancellationToken);
            return true;
        });
    }

    /// <summary>The numbers of each shard's keys and the keys, ascending; their bytes lie in one array.</summary>
    private static (int[] Numbers, ReadOnlyMemory<byte>[] Keys)[] Split(KeyMap keys, int count)
    {
        int[] shardOf = new int[keys.Count];
        int[] lengths = new int[count];
        for (int key = 0; key < shardOf.Length; key++)
        {
            shardOf[key] = MetadataShards.Of(keys[key], count);
            lengths[shardOf[key]]++;
        }

        var shards = new (int[] Numbers, ReadOnlyMemory<byte>[] Keys)[count];
        for (int i = 0; i < count; i++)
        {
            shards[i].Numbers = new int[lengths[i]];
        }

        int[] filled = new int[count];
        for (int key = 0; key < shardOf.Length; key++)
        {
            shards[shardOf[key]].Numbers[filled[shardOf[key]]++] = key;
        }

        for (int i = 0; i < count; i++)
        {
            SortedKeys.Sort(keys, shards[i].Numbers);
            shards[i].Keys = Copy(keys, shards[i].Numbers);
        }

        return shards;
    }

    private static ReadOnlyMemory<byte>[] Copy(KeyMap keys, int[] numbers)
    {
        long length = 0;
        foreach (int number in numbers)
        {
            length += keys[number].Length;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)length));
        var copies = new ReadOnlyMemory<byte>[numbers.Length];
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

    private static KnownFile FileOf(in RecordIndexEntry entry, Dictionary<(long, long, int), KnownFile> files)
    {
        if (entry.Encoding != 0)
        {
            return new KnownFile(entry);
        }

        var id = (entry.HighBits, entry.LowBits, entry.FileIndex);
        if (files.TryGetValue(id, out var known) && entry.PartitionPath.SequenceEqual(known.PartitionBytes))
        {
            return known;
        }

        return files[id] = new KnownFile(entry);
    }

    /// <summary>A file group that entries name.</summary>
    private sealed class KnownFile
    {
        public KnownFile(in RecordIndexEntry entry)
        {
            PartitionBytes = entry.PartitionPath.ToArray();
            Partition = Encoding.UTF8.GetString(PartitionBytes);
            FileId = RecordIndexLocation.FileIdOf(entry);
        }

        public byte[] PartitionBytes { get; }

        public string Partition { get; }

        public string FileId { get; }
    }
}
