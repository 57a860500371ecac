using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>Adds and removes the meta columns in a schema's JSON and leaves the rest of it untouched.</summary>
internal static class TableSchemaJson
{
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 1000 };

    public static JsonElement WithoutMetaColumns(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("fields", out var fields) || fields.ValueKind != JsonValueKind.Array
            || !fields.EnumerateArray().Any(IsMeta))
        {
            return schema;
        }

        return Rewrite(schema, fields.EnumerateArray().Where(f => !IsMeta(f)).Select(f => (JsonNode?)JsonSerializer.SerializeToNode(f, Options)));
    }

    public static string WithMetaColumns(JsonElement schema)
    {
        var meta = MetaColumns.Names.Select(JsonNode? (name) => new JsonObject
        {
            ["name"] = name,
            ["type"] = new JsonArray("null", "string"),
            ["doc"] = string.Empty,
            ["default"] = null,
        });
        var data = schema.GetProperty("fields").EnumerateArray().Select(f => (JsonNode?)JsonSerializer.SerializeToNode(f, Options));
        return JsonSerializer.Serialize(Rewrite(schema, meta.Concat(data)), Options);
    }

    private static bool IsMeta(JsonElement field) =>
        field.ValueKind == JsonValueKind.Object && field.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && MetaColumns.IsReserved(name.GetString()!);

    private static JsonElement Rewrite(JsonElement schema, IEnumerable<JsonNode?> fields)
    {
        var result = new JsonObject();
        foreach (var property in schema.EnumerateObject())
        {
            result[property.Name] = property.Name == "fields" ? new JsonArray([.. fields]) : JsonSerializer.SerializeToNode(property.Value, Options);
        }

        return JsonSerializer.SerializeToElement(result, Options);
    }
}
