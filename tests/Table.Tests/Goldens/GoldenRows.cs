using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OllaLab.Lakehouse.Table.Tests.Goldens;

/// <summary>Rows as a multiset of canonical texts, by Spark's schema of the table: key order and number spelling do not matter, types do.</summary>
internal static class GoldenRows
{
    public static Dictionary<string, int> Count(IEnumerable<JsonElement> rows, JsonElement schema)
    {
        var counts = new Dictionary<string, int>();
        foreach (var row in rows)
        {
            var text = Canonical(row, schema)!.ToJsonString();
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }

        return counts;
    }

    /// <summary>The same where no schema is at hand: numbers by value, the rest as it is.</summary>
    public static Dictionary<string, int> CountByShape(IEnumerable<JsonElement> rows)
    {
        var counts = new Dictionary<string, int>();
        foreach (var row in rows)
        {
            var text = Shape(row)?.ToJsonString() ?? "null";
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }

        return counts;
    }

    /// <summary>
    /// Rows of a change feed: states by the data columns. Hudi's text spells decimals, binary, dates and timestamps in several ways, so those are not compared.
    /// </summary>
    public static Dictionary<string, int> CountChanges(IEnumerable<JsonElement> rows, JsonElement schema)
    {
        var counts = new Dictionary<string, int>();
        foreach (var row in rows)
        {
            var text = new JsonObject
            {
                ["op"] = row.GetProperty("op").GetString(),
                ["ts_ms"] = row.GetProperty("ts_ms").ToString(),
                ["before"] = State(row.GetProperty("before"), schema),
                ["after"] = State(row.GetProperty("after"), schema),
            }.ToJsonString();
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }

        return counts;
    }

    private static JsonObject? State(JsonElement value, JsonElement schema)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            using var parsed = JsonDocument.Parse(value.GetString()!);
            return State(parsed.RootElement.Clone(), schema);
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var result = new JsonObject();
        foreach (var field in schema.GetProperty("fields").EnumerateArray())
        {
            var (name, type) = (field.GetProperty("name").GetString()!, field.GetProperty("type"));
            if (!name.StartsWith("_hoodie_", StringComparison.Ordinal) && !IsSpeltInSeveralWays(type))
            {
                result[name] = value.TryGetProperty(name, out var found) ? Canonical(found, type) : null;
            }
        }

        return result;
    }

    private static bool IsSpeltInSeveralWays(JsonElement type) =>
        type.GetRawText() is var text && new[] { "decimal", "binary", "date", "timestamp" }.Any(t => text.Contains(t, StringComparison.Ordinal));

    /// <summary>Null when equal; else what differs.</summary>
    public static string? Difference(Dictionary<string, int> want, Dictionary<string, int> got)
    {
        var missing = want.Where(w => got.GetValueOrDefault(w.Key) < w.Value).Select(w => w.Key).ToList();
        var extra = got.Where(g => want.GetValueOrDefault(g.Key) < g.Value).Select(g => g.Key).ToList();
        return missing.Count + extra.Count == 0 ? null : $"{missing.Count} rows missing, {extra.Count} too many; want {missing.FirstOrDefault() ?? "-"}; got {extra.FirstOrDefault() ?? "-"}";
    }

    private static JsonNode? Shape(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Name, Shape(p.Value)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Shape)]),
        JsonValueKind.Number => "number " + (value.GetRawText().AsSpan().ContainsAny("eE") ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture) : Decimal(value.GetRawText())),
        JsonValueKind.String => value.GetString(),
        _ => value.GetBoolean(),
    };

    private static JsonNode? Canonical(JsonElement value, JsonElement type)
    {
        if (value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return null;
        }

        if (type.ValueKind == JsonValueKind.Object)
        {
            return type.GetProperty("type").GetString() switch
            {
                "struct" => Struct(value, type),
                "array" => new JsonArray([.. value.EnumerateArray().Select(v => Canonical(v, type.GetProperty("elementType")))]),
                "map" => new JsonObject(value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Name, Canonical(p.Value, type.GetProperty("valueType"))))),
                _ => value.GetRawText(),
            };
        }

        var name = type.GetString()!;
        return name switch
        {
            "double" => double.Parse(Text(value), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
            "float" => float.Parse(Text(value), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture),
            "long" or "integer" or "short" or "byte" => value.ValueKind == JsonValueKind.Number ? BigInteger.Parse(value.GetRawText(), CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture) : "not a number: " + value,
            "boolean" => value.GetBoolean(),
            _ when name.StartsWith("decimal", StringComparison.Ordinal) => Decimal(Text(value)),
            _ => value.ValueKind == JsonValueKind.String ? value.GetString() : "not a text: " + value,
        };
    }

    private static JsonObject Struct(JsonElement value, JsonElement type)
    {
        var result = new JsonObject();
        var names = new HashSet<string>();
        foreach (var field in type.GetProperty("fields").EnumerateArray())
        {
            var name = field.GetProperty("name").GetString()!;
            names.Add(name);
            result[name] = value.TryGetProperty(name, out var found) ? Canonical(found, field.GetProperty("type")) : null;
        }

        foreach (var other in value.EnumerateObject().Where(p => !names.Contains(p.Name)))
        {
            result["unexpected " + other.Name] = true;
        }

        return result;
    }

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Decimal(string text)
    {
        var digits = new StringBuilder(text);
        if (text.Contains('.'))
        {
            while (digits[^1] == '0')
            {
                digits.Length--;
            }

            if (digits[^1] == '.')
            {
                digits.Length--;
            }
        }

        var result = digits.ToString();
        return result is "-0" ? "0" : result;
    }
}
