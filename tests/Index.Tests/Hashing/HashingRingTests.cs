using System.Text.Json;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Index.Tests;

/// <summary>Rings of buckets against Hudi's own classes.</summary>
public class HashingRingTests
{
    private static readonly Func<Guid> NewId = () => new Guid(7, 0, 0, new byte[8]);

    [Fact]
    public void First_buckets_are_Hudis()
    {
        var vectors = Vectors("initial");
        Assert.Equal(31, vectors.Count);
        foreach (var v in vectors)
        {
            var ring = HashingRing.Create(Text(v, "partition"), v.GetProperty("buckets").GetInt32());
            Assert.Equal(HashingNode.ReadAll(v.GetProperty("nodes")), ring.Nodes);
            string json = Text(v, "json");
            Assert.Equal(json, System.Text.Encoding.UTF8.GetString(ring.Write()));
            var read = HashingRing.Read(System.Text.Encoding.UTF8.GetBytes(json), "r");
            Assert.Equal((ring.PartitionPath, HashingRing.First, ring.NumBuckets, 0), (read.PartitionPath, read.Instant, read.NumBuckets, read.SequenceNumber));
            Assert.Equal(ring.Nodes, read.Nodes);
        }
    }

    [Fact]
    public void Keys_are_in_Hudis_buckets()
    {
        var vectors = Vectors("lookup");
        Assert.True(vectors.Count > 200);
        foreach (var v in vectors)
        {
            var ring = Ring(v);
            string[] fields = [.. v.GetProperty("hashFields").EnumerateArray().Select(f => f.GetString()!)];
            var node = ring.Nodes[ring.IndexOf(HashingRing.Hash(Text(v, "recordKey"), fields))];
            Assert.Equal((v.GetProperty("value").GetInt32(), Text(v, "fileIdPrefix")), (node.Value, node.FileIdPrefix));
            Assert.Equal(ring.Nodes.ToList().IndexOf(node), ring.IndexOfFile(node.FileId));
        }

        foreach (var v in Vectors("hash").Where(v => v.GetProperty("hashKeys").GetArrayLength() == 1 && !Text(v.GetProperty("hashKeys")[0]).Contains(',')))
        {
            Assert.Equal(v.GetProperty("ringValue").GetInt32(), HashingRing.Hash(Text(v.GetProperty("hashKeys")[0]), ["id"]));
        }

        foreach (var v in Vectors("lookupValue"))
        {
            var ring = Ring(v);
            Assert.Equal(HashingNode.ReadAll(v.GetProperty("node"))[0], ring.Nodes[ring.IndexOf(v.GetProperty("ringValue").GetInt32())]);
        }
    }

    [Fact]
    public void Buckets_are_split_and_merged_as_Hudi_does()
    {
        foreach (var v in Vectors("split"))
        {
            var ring = Ring(v);
            int node = ring.Nodes.ToList().IndexOf(HashingNode.ReadAll(v.GetProperty("node"))[0]);
            Same(v.GetProperty("result"), ring.Split(node, NewId));
        }

        foreach (var v in Vectors("merge").Where(v => v.GetProperty("result").ValueKind == JsonValueKind.Array))
        {
            var ring = Ring(v);
            Same(v.GetProperty("result"), ring.Merge([.. v.GetProperty("fileIds").EnumerateArray().Select(id => ring.IndexOfFile(id.GetString()!))], NewId));
        }

        var whole = Assert.Single(Vectors("ringWithChildren"));
        var before = new HashingRing("p", "20240102030405678", 4, 0, HashingNode.ReadAll(whole.GetProperty("metadataNodes")));
        var after = before.With("20240102030405679", HashingNode.ReadAll(HashingNode.WriteAll(HashingNode.ReadAll(whole.GetProperty("children")))));
        Assert.Equal(HashingNode.ReadAll(whole.GetProperty("ring")).Select(n => (n.Value, n.FileIdPrefix)), after.Nodes.Select(n => (n.Value, n.FileIdPrefix)));
        Assert.All(after.Nodes, n => Assert.Equal(HashingNode.Normal, n.Tag));
        Assert.Equal((4, 1), (after.NumBuckets, after.SequenceNumber));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"partitionPath":"p","instant":"0","numBuckets":1,"seqNo":0,"nodes":[]}""")]
    [InlineData("""{"partitionPath":"p","instant":"0","numBuckets":1,"seqNo":0,"nodes":[{"value":-1,"fileIdPrefix":"a"}]}""")]
    [InlineData("""{"partitionPath":"p","instant":"0","numBuckets":1,"seqNo":0,"nodes":[{"value":1,"fileIdPrefix":"../a"}]}""")]
    [InlineData("""{"partitionPath":"p","instant":"0","numBuckets":1,"seqNo":0,"nodes":[{"value":1,"fileIdPrefix":"a"},{"value":1,"fileIdPrefix":"b"}]}""")]
    [InlineData("""{"partitionPath":"p","instant":"0","numBuckets":1,"seqNo":0,"nodes":[{"value":1,"fileIdPrefix":"a"},{"value":2,"fileIdPrefix":"a"}]}""")]
    [InlineData("""{"partitionPath":"p","instant":"0","numBuckets":1,"seqNo":0,"nodes":[{"value":1}]}""")]
    public void What_is_no_ring_is_refused(string json) =>
        Assert.Equal(LakehouseErrorKind.Corrupt, Assert.Throws<LakehouseException>(() => HashingRing.Read(System.Text.Encoding.UTF8.GetBytes(json), "r")).Kind);

    // New nodes have ids of their own.
    private static void Same(JsonElement expected, IReadOnlyList<HashingNode>? nodes)
    {
        Assert.Equal(expected.ValueKind == JsonValueKind.Null, nodes is null);
        if (nodes is not null)
        {
            Assert.Equal(HashingNode.ReadAll(expected).Select(n => (n.Value, n.Tag)), nodes.Select(n => (n.Value, n.Tag)));
            Assert.All(nodes, n => Assert.Equal(n.Tag == HashingNode.Delete, n.FileIdPrefix is null));
        }
    }

    // initial/PARTITION/BUCKETS, or: nodes VALUE=PREFIX, ...
    private static HashingRing Ring(JsonElement v)
    {
        string name = Text(v, "ring");
        return name.StartsWith("nodes ", StringComparison.Ordinal)
            ? new HashingRing("p", HashingRing.First, 4, 0, [.. name[6..].Split(", ").Select(n => n.Split('=')).Select(n => new HashingNode(int.Parse(n[0], System.Globalization.CultureInfo.InvariantCulture), n[1]))])
            : HashingRing.Create("p", int.Parse(name.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture));
    }

    private static List<JsonElement> Vectors(string op) => [.. Repository.Vectors("consistent-hashing.jsonl").Where(v => Text(v, "op") == op)];

    private static string Text(JsonElement v, string name) => Text(v.GetProperty(name));

    private static string Text(JsonElement v) => v.GetString()!;
}
