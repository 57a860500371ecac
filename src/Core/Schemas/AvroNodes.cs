using System.Text.Json.Nodes;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>Places in an Avro schema's JSON by the paths of columns (<c>a.b</c>, <c>list.element.b</c>, <c>map.value.b</c>).</summary>
internal static class AvroNodes
{
    /// <summary>A type; of a union with null the other member.</summary>
    public static JsonNode WithoutNull(JsonNode type) => type is JsonArray union ? union.First(m => m is not JsonValue v || v.GetValue<string>() != "null")! : type;

    /// <summary>The type of a column, without null; of no path the record itself.</summary>
    public static JsonNode TypeAt(JsonObject record, string? path)
    {
        JsonNode at = record;
        foreach (var part in path?.Split('.') ?? [])
        {
            var (node, key) = Holder(at, part, path!);
            at = WithoutNull(node[key]!);
        }

        return at;
    }

    /// <summary>Puts another type in the place of a column's; whether it may be null stays.</summary>
    public static void ReplaceType(JsonObject record, string path, JsonNode type)
    {
        int dot = path.LastIndexOf('.');
        var (node, key) = Holder(TypeAt(record, dot < 0 ? null : path[..dot]), path[(dot + 1)..], path);
        if (node[key] is JsonArray union)
        {
            union[union.IndexOf(WithoutNull(union))] = type;
        }
        else
        {
            node[key] = type;
        }
    }

    // What is defined once and named a second time cannot be changed in one of its places.
    private static (JsonObject Node, string Key) Holder(JsonNode type, string part, string path)
    {
        if (type is JsonObject json)
        {
            switch (json["type"] is JsonValue kind ? kind.GetValue<string>() : null)
            {
                case "record" when json["fields"]!.AsArray().OfType<JsonObject>().FirstOrDefault(f => f["name"]!.GetValue<string>() == part) is { } field:
                    return (field, "type");
                case "array" when part == AvroToArrow.ElementName:
                    return (json, "items");
                case "map" when part == "value":
                    return (json, "values");
            }
        }

        throw new LakehouseException(
            LakehouseErrorKind.Unsupported, $"The type of the column {path} is named in the table's Avro schema and defined elsewhere in it, and cannot be changed in one place", remedy: "Change the table's schema with Apache Hudi");
    }
}
