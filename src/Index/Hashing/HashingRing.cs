using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>The buckets of a partition in the consistent hashing index (HoodieConsistentHashingMetadata, ConsistentBucketIdentifier; format E.3).</summary>
/// <param name="PartitionPath">The partition.</param>
/// <param name="Instant">Of the resizing that made it; <see cref="First"/>: there was none.</param>
/// <param name="NumBuckets">How many there were at first.</param>
/// <param name="SequenceNumber">One more with each resizing.</param>
/// <param name="Nodes">By their values, at least one.</param>
internal sealed record HashingRing(string PartitionPath, string Instant, int NumBuckets, int SequenceNumber, IReadOnlyList<HashingNode> Nodes)
{
    /// <summary>The instant of a partition's first buckets.</summary>
    public const string First = "00000000000000";

    private readonly int[] values = [.. Nodes.Select(n => n.Value)];

    // Some bulk inserts leave the number of the file group out.
    private readonly Dictionary<string, int> byFile = Nodes.SelectMany((n, i) => new[] { (Id: n.FileIdPrefix!, i), (Id: n.FileId, i) }).ToDictionary(n => n.Id, n => n.i);

    /// <summary>The first buckets of a partition: all writers make the same, so that it does not matter which comes first.</summary>
    public static HashingRing Create(string partitionPath, int buckets)
    {
        long step = (int.MaxValue + (long)buckets - 1) / buckets;
        var nodes = new List<HashingNode>();
        for (long i = 1; i <= buckets; i++)
        {
            nodes.Add(new HashingNode((int)Math.Min(step * i, int.MaxValue), FirstId(Math.Min(step * (i - 1), int.MaxValue), Math.Min(step * i, int.MaxValue), partitionPath)));
        }

        return new HashingRing(partitionPath, First, buckets, 0, nodes);
    }

    /// <summary>The hash of a key: over the text of the hash fields' values, one after the other, without its sign.</summary>
    public static int Hash(string recordKey, IReadOnlyList<string> hashFields) =>
        (int)(XxHash32.HashToUInt32(Encoding.UTF8.GetBytes(string.Concat(BucketIdentifier.HashKeys(recordKey, hashFields).Select(v => v ?? "null")))) & int.MaxValue);

    /// <summary>The number of the node that has a hash.</summary>
    public int IndexOf(int hash)
    {
        int found = System.Array.BinarySearch(values, hash);
        int next = found >= 0 ? found : ~found;
        return next == values.Length ? 0 : next;
    }

    /// <summary>The number of the node of a file group; -1: it has none.</summary>
    public int IndexOfFile(string fileId) => byFile.GetValueOrDefault(fileId, -1);

    /// <summary>The ring with the nodes of a resizing laid over it.</summary>
    public HashingRing With(string instant, IEnumerable<HashingNode> children)
    {
        var byValue = new SortedDictionary<int, HashingNode>(Nodes.ToDictionary(n => n.Value));
        foreach (var child in children)
        {
            if (child.Tag == HashingNode.Delete)
            {
                byValue.Remove(child.Value);
            }
            else
            {
                byValue[child.Value] = child;
            }
        }

        return new HashingRing(PartitionPath, instant, NumBuckets, SequenceNumber + 1, [.. byValue.Values.Select(n => n with { Tag = HashingNode.Normal })]);
    }

    /// <summary>The two buckets that one becomes; null: it has two hashes at most.</summary>
    public IReadOnlyList<HashingNode>? Split(int node, Func<Guid> newId)
    {
        long former = Nodes[(node + Nodes.Count - 1) % Nodes.Count].Value;
        int value = Nodes[node].Value;
        int middle = (int)(((former + value + (former < value ? 0 : int.MaxValue + 1L)) >> 1) & int.MaxValue);
        return middle == former || middle == value ? null : [NewNode(middle, newId), NewNode(value, newId)];
    }

    /// <summary>Buckets that become one: neighbours, in the order of the ring.</summary>
    public IReadOnlyList<HashingNode> Merge(IReadOnlyList<int> nodes, Func<Guid> newId) =>
        [.. nodes.SkipLast(1).Select(n => new HashingNode(Nodes[n].Value, null, HashingNode.Delete)), NewNode(Nodes[nodes[^1]].Value, newId)];

    /// <summary>A new file group for a bucket that stays.</summary>
    public HashingNode Renew(int node, Func<Guid> newId) => NewNode(Nodes[node].Value, newId);

    public byte[] Write()
    {
        var json = new JacksonWriter();
        json.StartObject();
        json.Property("version", 0);
        json.Property("partitionPath", PartitionPath);
        json.Property("instant", Instant);
        json.Property("numBuckets", NumBuckets);
        json.Property("seqNo", SequenceNumber);
        json.Name("nodes");
        HashingNode.WriteAll(json, Nodes);
        json.EndObject();
        return json.ToUtf8();
    }

    /// <exception cref="LakehouseException">Corrupt: it is no such file.</exception>
    public static HashingRing Read(ReadOnlyMemory<byte> content, string path)
    {
        try
        {
            using var json = JsonDocument.Parse(content);
            var root = json.RootElement;
            var nodes = HashingNode.ReadAll(root.GetProperty("nodes")).OrderBy(n => n.Value).ToList();
            if (nodes.Count > 0 && nodes[0].Value >= 0 && nodes.Zip(nodes.Skip(1)).All(p => p.First.Value < p.Second.Value) && nodes.TrueForAll(n => IsFileIdPrefix(n.FileIdPrefix)) && nodes.DistinctBy(n => n.FileIdPrefix).Count() == nodes.Count)
            {
                return new HashingRing(
                    root.GetProperty("partitionPath").GetString() ?? string.Empty, root.GetProperty("instant").GetString() ?? First, root.GetProperty("numBuckets").GetInt32(), root.GetProperty("seqNo").GetInt32(), nodes);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw Corrupt(path, e);
        }

        throw Corrupt(path, null);
    }

    /// <summary>Whether a text can stand in the name of a file.</summary>
    public static bool IsFileIdPrefix(string? text) => text is { Length: > 0 } && !text.AsSpan().ContainsAny("/\\_.");

    private static LakehouseException Corrupt(string path, Exception? inner) => new(
        LakehouseErrorKind.Corrupt, "the buckets of the partition cannot be read", path: path, remedy: "Restore the file from a copy; without it no key of the partition can be found by its hash", inner: inner);

    private static HashingNode NewNode(int value, Func<Guid> newId) => new(value, newId().ToString(), HashingNode.Replace);

    // UUID.nameUUIDFromBytes: version 3 of the start, the end and the partition.
    private static string FirstId(long start, long end, string partitionPath)
    {
        byte[] name = new byte[(2 * sizeof(long)) + Encoding.UTF8.GetByteCount(partitionPath)];
        BinaryPrimitives.WriteInt64BigEndian(name, start);
        BinaryPrimitives.WriteInt64BigEndian(name.AsSpan(sizeof(long)), end);
        Encoding.UTF8.GetBytes(partitionPath, name.AsSpan(2 * sizeof(long)));
        Span<byte> id = stackalloc byte[MD5.HashSizeInBytes];
        MD5.HashData(name, id);
        id[6] = (byte)((id[6] & 0x0F) | 0x30);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true).ToString();
    }
}
