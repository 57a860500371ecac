using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// The definitions of a table's indexes (HoodieIndexMetadata), in a file that its properties name from the first on: which columns are indexed, and in which version. Other engines' definitions are kept
/// as they are.
/// </summary>
internal sealed class IndexDefinitions
{
    /// <summary>The file, relative to the table's root, as Hudi names it.</summary>
    public const string Path = ".hoodie/.index_defs/index.json";

    private const string Definitions = "indexDefinitions";

    private readonly JsonObject root;

    private IndexDefinitions(JsonObject root) => this.root = root;

    /// <summary>The columns of column_stats; null where there is no definition.</summary>
    public IReadOnlyList<string>? SourceFields(string index) =>
        root[Definitions]?[index]?["sourceFields"] is JsonArray fields ? [.. fields.Select(f => f!.GetValue<string>())] : null;

    public static async ValueTask<IndexDefinitions> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        if (await store.GetInfoAsync(Path, cancellationToken) is null)
        {
            return new IndexDefinitions([]);
        }

        try
        {
            return new IndexDefinitions(JsonNode.Parse((await store.ReadAsync(Path, cancellationToken)).Span) as JsonObject ?? []);
        }
        catch (JsonException e)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the definitions of the table's indexes cannot be read", store.Root, Path, remedy: "Restore the file, or drop the metadata table (write with hoodie.metadata.enable=false) and the file", inner: e);
        }
    }

    /// <summary>Sets a definition.</summary>
    /// <param name="index">A partition of the metadata table.</param>
    /// <param name="columns">What it is of.</param>
    /// <param name="version">1 or 2.</param>
    public void Set(string index, IEnumerable<string> columns, int version)
    {
        root[Definitions] ??= new JsonObject();
        root[Definitions]![index] = new JsonObject
        {
            ["indexName"] = index,
            ["indexType"] = index,
            ["indexFunction"] = index,
            ["sourceFields"] = new JsonArray([.. columns.Select(c => (JsonNode)c)]),
            ["indexOptions"] = new JsonObject(),
            ["version"] = "V" + version.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    /// <summary>Removes definitions; whether there were any.</summary>
    public bool Remove(IEnumerable<string> indexes) => indexes.Count(i => root[Definitions] is JsonObject definitions && definitions.Remove(i)) > 0;

    public async ValueTask WriteAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        var put = await store.PutAsync(Path, Encoding.UTF8.GetBytes(root.ToJsonString(new JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })), PutCondition.None, cancellationToken);
        if (put.Outcome != PutOutcome.Committed)
        {
            throw new LakehouseException(LakehouseErrorKind.Storage, "the definitions of the table's indexes could not be written", store.Root, Path, remedy: "Repeat the write", inner: put.Cause);
        }
    }
}
