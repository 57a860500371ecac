using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Config;
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

    private readonly string table;
    private readonly JsonObject root;

    private IndexDefinitions(string table, JsonObject root)
    {
        this.table = table;
        this.root = root;
    }

    /// <summary>The columns of column_stats; null where there is no definition.</summary>
    public IReadOnlyList<string>? SourceFields(string index) =>
        root[Definitions]?[index]?["sourceFields"] is JsonArray fields ? [.. fields.Select(f => f!.GetValue<string>())] : null;

    /// <summary>All definitions.</summary>
    public IReadOnlyList<IndexDefinition> All => root[Definitions] is JsonObject definitions ? [.. definitions.Select(d => Find(d.Key)!)] : [];

    /// <summary>A definition; null where there is none.</summary>
    public IndexDefinition? Find(string index) => root[Definitions]?[index] is JsonObject found
        ? new IndexDefinition(
            index,
            Text(found["indexType"]),
            Text(found["indexFunction"]),
            SourceFields(index) ?? [],
            found["indexOptions"] is JsonObject options ? options.ToDictionary(o => o.Key, o => Text(o.Value)) : [],
            Text(found["version"]) switch
            {
                "V1" => 1,
                "V2" => 2,
                "" => null,
                var other => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"Version {other} of the index {index} is not understood by this engine", table, Path, remedy: "Drop the index, or use the table with the metadata table ignored (hoodie.metadata.enable=false)"),
            })
        : null;

    /// <summary>
    /// In which version an index of a table is: the one that its definition says, which stays when Hudi upgrades the table, else that of a new one (HoodieTableMetadataUtil.existingIndexVersionOrDefault).
    /// </summary>
    public int VersionOf(string index, TableConfig config) => Find(index)?.Version ?? NewVersion(config);

    /// <summary>The version in which column_stats and secondary indexes of a table are made (HoodieIndexVersion.getCurrentVersion).</summary>
    public static int NewVersion(TableConfig config) => config.Version >= 9 ? 2 : 1;

    public static async ValueTask<IndexDefinitions> ReadAsync(IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            var read = JsonNode.Parse((await store.ReadAsync(Path, cancellationToken)).Span);
            return IsWhole(read) ? new IndexDefinitions(store.Root, read!.AsObject()) : throw Damaged(store.Root, cause: null);
        }
        catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.NotFound)
        {
            return new IndexDefinitions(store.Root, []);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw Damaged(store.Root, e);
        }
    }

    // What is taken from the file later has the form that is expected of it.
    private static bool IsWhole(JsonNode? read) => read is JsonObject root && (root[Definitions] is null
        || (root[Definitions] is JsonObject all && all.All(d => d.Value is JsonObject one
            && (one["sourceFields"] is null || (one["sourceFields"] is JsonArray fields && fields.All(f => Text(f).Length > 0)))
            && one["indexOptions"] is null or JsonObject
            && one["version"] is null or JsonValue)));

    private static LakehouseException Damaged(string root, Exception? cause) => new(
        LakehouseErrorKind.Corrupt, "the definitions of the table's indexes cannot be read", root, Path, remedy: "Restore the file, or drop the metadata table (write with hoodie.metadata.enable=false) and the file", inner: cause);

    /// <summary>Sets a definition.</summary>
    public void Set(IndexDefinition definition)
    {
        root[Definitions] ??= new JsonObject();
        root[Definitions]![definition.Name] = new JsonObject
        {
            ["indexName"] = definition.Name,
            ["indexType"] = definition.Type,
            ["indexFunction"] = definition.Function,
            ["sourceFields"] = new JsonArray([.. definition.SourceFields.Select(c => (JsonNode)c)]),
            ["indexOptions"] = new JsonObject(definition.Options.Select(o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value))),
            ["version"] = "V" + (definition.Version ?? 1).ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static string Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : string.Empty;

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
