using System.Text.Json;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>A bucket on the ring of a partition (ConsistentHashingNode): it has the keys whose hash is above the value of the node before it, up to its own.</summary>
/// <param name="Value">From 0.</param>
/// <param name="FileIdPrefix">Of its one file group; null in a node that goes.</param>
/// <param name="Tag">What a resizing makes of the place on the ring.</param>
internal sealed record HashingNode(int Value, string? FileIdPrefix, string Tag = HashingNode.Normal)
{
    public const string Normal = "NORMAL";

    /// <summary>A new bucket of a resizing.</summary>
    public const string Replace = "REPLACE";

    /// <summary>A bucket whose keys go to the next.</summary>
    public const string Delete = "DELETE";

    private const string Prefix = "fileIdPrefix";

    public string FileId => FileNames.MakeFileId(FileIdPrefix!, 0);

    /// <summary>The nodes that a resizing puts on the ring, as a plan holds them (ConsistentHashingNode.toJsonString).</summary>
    public static string WriteAll(IEnumerable<HashingNode> nodes)
    {
        var json = new JacksonWriter();
        WriteAll(json, nodes);
        return System.Text.Encoding.UTF8.GetString(json.ToUtf8());
    }

    public static void WriteAll(JacksonWriter json, IEnumerable<HashingNode> nodes)
    {
        json.StartArray();
        foreach (var node in nodes)
        {
            json.Element();
            json.StartObject();
            json.Property("value", node.Value);
            json.Property(Prefix, node.FileIdPrefix);
            json.Property("tag", node.Tag);
            json.EndObject();
        }

        json.EndArray();
    }

    /// <exception cref="LakehouseException">Corrupt: it is not such text.</exception>
    public static IReadOnlyList<HashingNode> ReadAll(string json)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json);
            return ReadAll(parsed.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the buckets of a clustering plan cannot be read", remedy: "Roll the clustering back (cluster --rollback) and plan another", inner: e);
        }
    }

    // Very old files name the prefix otherwise.
    public static IReadOnlyList<HashingNode> ReadAll(JsonElement nodes) =>
        [.. nodes.EnumerateArray().Select(n => new HashingNode(
            n.GetProperty("value").GetInt32(),
            n.TryGetProperty(Prefix, out var prefix) || n.TryGetProperty("fileIdPfx", out prefix) ? prefix.GetString() : null,
            n.TryGetProperty("tag", out var tag) ? tag.GetString() ?? Normal : Normal))];
}
