using System.Text.Json;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>Reads an Avro schema's JSON (Avro 1.12 specification, "Schema Declaration") into <see cref="AvroType"/>.</summary>
internal sealed class AvroTypeParser
{
    private const int DeepestSchema = 200;
    private readonly Dictionary<string, AvroType> _named = new(StringComparer.Ordinal);
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    public static AvroType Parse(JsonElement schema)
    {
        try
        {
            return new AvroTypeParser().Type(schema, string.Empty, string.Empty, 0);
        }
        catch (InvalidOperationException e)
        {
            // JSON of another kind where a text or an array is expected.
            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The Avro schema is wrong: {e.Message}", inner: e);
        }
    }

    public static JsonElement Json(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 1000 });
            if (json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
            {
                // Half a surrogate pair is found only when a text is made of it.
                JsonSerializer.Serialize(document.RootElement, TableSchemaJson.Options);
            }

            return document.RootElement.Clone();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The Avro schema is not JSON: {e.Message}", inner: e);
        }
    }

    private AvroType Type(JsonElement schema, string space, string path, int depth)
    {
        if (depth > DeepestSchema)
        {
            throw Bad(path, "is nested too deeply");
        }

        return schema.ValueKind switch
        {
            JsonValueKind.String => Named(schema.GetString()!, space, path),
            JsonValueKind.Array => Union(schema, space, path, depth),
            JsonValueKind.Object => Complex(schema, space, path, depth),
            _ => throw Bad(path, $"has a schema that is neither a name, a union nor an object: {schema.GetRawText()}"),
        };
    }

    private AvroType Named(string name, string space, string path)
    {
        if (AvroLogicalTypes.Primitive(name) is { } kind)
        {
            return new AvroType(kind);
        }

        var full = name.Contains('.') || space.Length == 0 ? name : $"{space}.{name}";
        if (_open.Contains(full) || _open.Contains(name))
        {
            throw Refused(path, $"is of the recursive type {name}", "Flatten the record: neither Arrow nor Parquet holds recursive types");
        }

        return _named.TryGetValue(full, out var type) || _named.TryGetValue(name, out type) ? type : throw Bad(path, $"is of the unknown type '{name}'");
    }

    private AvroType Union(JsonElement schema, string space, string path, int depth)
    {
        var members = new List<AvroType>();
        int nullBranch = -1;
        int branch = 0;
        foreach (var member in schema.EnumerateArray())
        {
            var type = Type(member, space, path, depth + 1);
            if (type.Kind == AvroKind.Null)
            {
                nullBranch = branch;
            }
            else
            {
                members.Add(type with { Branch = branch });
            }

            branch++;
        }

        bool nullable = nullBranch >= 0;
        return members.Count switch
        {
            0 => new AvroType(AvroKind.Null) { Nullable = true, NullBranch = nullBranch },
            1 => members[0] with { Nullable = nullable || members[0].Nullable, NullBranch = nullBranch },
            _ => new AvroType(AvroKind.Union)
            {
                Nullable = nullable,
                NullBranch = nullBranch,
                Fields = [.. members.Select((m, i) => new AvroField($"member{i}", m with { Nullable = true }))],
            },
        };
    }

    private AvroType Complex(JsonElement schema, string space, string path, int depth)
    {
        if (!schema.TryGetProperty("type", out var typeJson))
        {
            throw Bad(path, "has a schema without 'type'");
        }

        if (typeJson.ValueKind != JsonValueKind.String)
        {
            // {"type": {"type": ...}}: an extra wrapping that Avro allows, with the logical type on either level.
            return AvroLogicalTypes.Apply(Type(typeJson, space, path, depth + 1), schema, path);
        }

        switch (typeJson.GetString())
        {
            case "array":
                return new AvroType(AvroKind.Array) { Items = Type(Member(schema, "items", path), space, $"{path}.element", depth + 1) };
            case "map":
                return new AvroType(AvroKind.Map) { Items = Type(Member(schema, "values", path), space, $"{path}.value", depth + 1) };
            case "record" or "error":
                return Record(schema, space, path, depth);
            case "fixed":
                return Define(schema, space, path, AvroLogicalTypes.Apply(new AvroType(AvroKind.Fixed) { Size = Size(schema, path) }, schema, path));
            case "enum":
                var symbols = Member(schema, "symbols", path).EnumerateArray().Select(s => s.GetString()!).ToArray();
                return Define(schema, space, path, new AvroType(AvroKind.Enum) { Symbols = symbols });
            case { } name:
                return AvroLogicalTypes.Apply(Named(name, space, path), schema, path);
            default:
                throw Bad(path, "has a schema without 'type'");
        }
    }

    private AvroType Record(JsonElement schema, string space, string path, int depth)
    {
        var fullName = FullName(schema, space, path);
        var inner = fullName.LastIndexOf('.') is var dot and >= 0 ? fullName[..dot] : string.Empty;
        _open.Add(fullName);
        var fields = new List<AvroField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in Member(schema, "fields", path).EnumerateArray())
        {
            var name = Member(field, "name", path).GetString() ?? throw Bad(path, "has a field without a name");
            var fieldPath = path.Length == 0 ? name : $"{path}.{name}";
            if (!names.Add(name))
            {
                throw Bad(fieldPath, "is there twice");
            }

            JsonElement? initial = field.TryGetProperty("default", out var d) ? d : null;
            var doc = field.TryGetProperty("doc", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
            fields.Add(new AvroField(name, Type(Member(field, "type", fieldPath), inner, fieldPath, depth + 1), initial, doc));
        }

        _open.Remove(fullName);
        return Define(schema, space, path, new AvroType(AvroKind.Record) { Fields = fields });
    }

    private AvroType Define(JsonElement schema, string space, string path, AvroType type)
    {
        var fullName = FullName(schema, space, path);
        type = type with { FullName = fullName };
        _named[fullName] = type;
        return type;
    }

    private static string FullName(JsonElement schema, string space, string path)
    {
        var name = Member(schema, "name", path).GetString() ?? string.Empty;
        if (name.Contains('.'))
        {
            return name;
        }

        var own = schema.TryGetProperty("namespace", out var n) && n.ValueKind == JsonValueKind.String ? n.GetString()! : space;
        return own.Length == 0 ? name : $"{own}.{name}";
    }

    private static int Size(JsonElement schema, string path) =>
        Member(schema, "size", path).TryGetInt32(out int size) && size >= 0 ? size : throw Bad(path, "is a fixed with a bad size");

    private static JsonElement Member(JsonElement schema, string name, string path) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value) ? value : throw Bad(path, $"has a schema without '{name}'");

    internal static LakehouseException Bad(string path, string problem) =>
        new(LakehouseErrorKind.Corrupt, $"The Avro schema is wrong: {Where(path)} {problem}");

    internal static LakehouseException Refused(string path, string problem, string remedy) =>
        new(LakehouseErrorKind.Unsupported, $"{char.ToUpperInvariant(Where(path)[0])}{Where(path)[1..]} {problem}, which is not supported", remedy: remedy);

    private static string Where(string path) => path.Length == 0 ? "the root" : $"column {path}";
}
