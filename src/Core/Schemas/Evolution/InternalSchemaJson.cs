using System.Text.Json;
using System.Text.Json.Nodes;

namespace OllaLab.Lakehouse.Schemas.Evolution;

/// <summary>The JSON of internal schemas, in commits (<c>latest_schema</c>) and in the history files of <c>.hoodie/.schema</c> (SerDeHelper).</summary>
internal static class InternalSchemaJson
{
    private const string HistoryStart = "{\"schemas\":[";
    private const int DeepestSchema = 200;

    /// <exception cref="LakehouseException">Corrupt: it is no internal schema.</exception>
    public static InternalSchema Parse(string json) => Guard(() => Schema(AvroTypeParser.Json(json)));

    /// <summary>A history file's versions, in the order it has them: newest first.</summary>
    /// <exception cref="LakehouseException">Corrupt: it is no history.</exception>
    public static IReadOnlyList<InternalSchema> ParseHistory(string json) => Guard(() => AvroTypeParser.Json(json).GetProperty("schemas").EnumerateArray().Select(Schema).ToList());

    public static string Write(InternalSchema schema)
    {
        var json = new JsonObject { ["max_column_id"] = schema.MaxColumnId, ["version_id"] = schema.VersionId };
        AddRecord(json, schema.Root);
        return json.ToJsonString(TableSchemaJson.Options);
    }

    /// <summary>A history with a new version in front; what there was stays as it is, letter by letter (SerDeHelper.inheritSchemas).</summary>
    /// <param name="newest">The new version.</param>
    /// <param name="history">The history so far, or null.</param>
    public static string Inherit(InternalSchema newest, string? history) => history is null ? $"{HistoryStart}{Write(newest)}]}}"
        : history.StartsWith(HistoryStart, StringComparison.Ordinal) ? $"{HistoryStart}{Write(newest)},{history[HistoryStart.Length..]}"
        : throw Wrong("a history does not begin with \"schemas\"");

    private static InternalSchema Schema(JsonElement json)
    {
        var root = Record(json, 0);
        long version = json.TryGetProperty("version_id", out var id) ? id.GetInt64() : 0;
        return new InternalSchema(version, json.TryGetProperty("max_column_id", out var max) ? max.GetInt32() : MaxId(root), root);
    }

    private static InternalRecord Record(JsonElement json, int depth) => new([.. json.GetProperty("fields").EnumerateArray().Select(f => new InternalField(
        f.GetProperty("id").GetInt32(),
        f.GetProperty("name").GetString() ?? throw Wrong("a column has no name"),
        f.GetProperty("optional").GetBoolean(),
        Type(f.GetProperty("type"), depth + 1),
        f.TryGetProperty("doc", out var doc) ? doc.GetString() : null))]);

    private static InternalType Type(JsonElement json, int depth)
    {
        if (depth > DeepestSchema)
        {
            throw Wrong("it is nested too deeply");
        }

        if (json.ValueKind == JsonValueKind.String)
        {
            return new InternalScalar(json.GetString()!);
        }

        return json.GetProperty("type").GetString() switch
        {
            "record" => Record(json, depth),
            "array" => new InternalArray(json.GetProperty("element_id").GetInt32(), json.GetProperty("element_optional").GetBoolean(), Type(json.GetProperty("element"), depth + 1)),
            "map" => new InternalMap(
                json.GetProperty("key_id").GetInt32(),
                Type(json.GetProperty("key"), depth + 1),
                json.GetProperty("value_id").GetInt32(),
                json.GetProperty("value_optional").GetBoolean(),
                Type(json.GetProperty("value"), depth + 1)),
            var other => throw Wrong($"a column is of the unknown type '{other}'"),
        };
    }

    private static void AddRecord(JsonObject json, InternalRecord record)
    {
        json["type"] = "record";
        json["fields"] = new JsonArray([.. record.Fields.Select(JsonNode? (f) =>
        {
            var field = new JsonObject { ["id"] = f.Id, ["name"] = f.Name, ["optional"] = f.Optional, ["type"] = Node(f.Type) };
            if (f.Doc is not null)
            {
                field["doc"] = f.Doc;
            }

            return field;
        })]);
    }

    private static JsonNode Node(InternalType type)
    {
        switch (type)
        {
            case InternalScalar scalar:
                return JsonValue.Create(scalar.Name)!;
            case InternalArray array:
                return new JsonObject { ["type"] = "array", ["element_id"] = array.ElementId, ["element"] = Node(array.Element), ["element_optional"] = array.ElementOptional };
            case InternalMap map:
                return new JsonObject
                {
                    ["type"] = "map", ["key_id"] = map.KeyId, ["key"] = Node(map.Key), ["value_id"] = map.ValueId, ["value"] = Node(map.Value), ["value_optional"] = map.ValueOptional,
                };
            default:
                var json = new JsonObject();
                AddRecord(json, (InternalRecord)type);
                return json;
        }
    }

    private static int MaxId(InternalType type) => type switch
    {
        InternalRecord r => r.Fields.Select(f => Math.Max(f.Id, MaxId(f.Type))).DefaultIfEmpty(-1).Max(),
        InternalArray a => Math.Max(a.ElementId, MaxId(a.Element)),
        InternalMap m => Math.Max(Math.Max(m.KeyId, m.ValueId), Math.Max(MaxId(m.Key), MaxId(m.Value))),
        _ => -1,
    };

    private static T Guard<T>(Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw Wrong(e.Message, e);
        }
    }

    private static LakehouseException Wrong(string problem, Exception? inner = null) => new(LakehouseErrorKind.Corrupt, $"The internal schema of schema-on-read evolution is wrong: {problem}", inner: inner);
}
