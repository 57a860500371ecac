using System.Globalization;
using System.Text.Json.Nodes;

namespace OllaLab.Lakehouse.Schemas.Evolution;

/// <summary>Internal schemas from Avro schemas and back (AvroInternalSchemaConverter).</summary>
internal static class InternalSchemaAvro
{
    /// <summary>The columns of a table whose columns have no numbers yet: the meta columns first; those of a record one after the other, then what is in each of them.</summary>
    public static InternalSchema FromTable(TableSchema table)
    {
        int next = 0;
        var fields = MetaColumns.Names.Select(n => new AvroField(n, new AvroType(AvroKind.String) { Nullable = true }, Doc: string.Empty)).Concat(table.Root.Fields).ToList();
        var root = Record(fields, ref next);
        return new InternalSchema(0, next - 1, root);
    }

    /// <summary>A type whose parts get the next numbers.</summary>
    /// <param name="type">The type.</param>
    /// <param name="next">The next number that is free.</param>
    public static InternalType Of(AvroType type, ref int next)
    {
        switch (type.Kind)
        {
            case AvroKind.Record:
                return Record(type.Fields, ref next);
            case AvroKind.Array:
                int element = next++;
                return new InternalArray(element, type.Items!.Nullable, Of(type.Items, ref next));
            case AvroKind.Map:
                (int key, int value) = (next++, next++);
                return new InternalMap(key, new InternalScalar("string"), value, type.Items!.Nullable, Of(type.Items, ref next));
            default:
                return new InternalScalar(Name(type));
        }
    }

    /// <summary>The Avro record, meta columns included.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="fullName">The record's name with its namespace.</param>
    public static string ToAvroJson(InternalSchema schema, string fullName)
    {
        int dot = fullName.LastIndexOf('.');
        return Record(schema.Root, fullName[(dot + 1)..], dot < 0 ? string.Empty : fullName[..dot]).ToJsonString(TableSchemaJson.Options);
    }

    private static InternalRecord Record(IReadOnlyList<AvroField> fields, ref int next)
    {
        int first = next;
        next += fields.Count;
        var made = new InternalField[fields.Count];
        for (int i = 0; i < made.Length; i++)
        {
            made[i] = new InternalField(first + i, fields[i].Name, fields[i].Type.Nullable, Of(fields[i].Type, ref next), fields[i].Doc);
        }

        return new InternalRecord(made);
    }

    // A decimal of the least size that holds it, which is what Spark makes, has the form that every release reads.
    private static string Name(AvroType type) => type.Kind switch
    {
        AvroKind.Boolean => "boolean",
        AvroKind.Int => "int",
        AvroKind.Long => "long",
        AvroKind.Float => "float",
        AvroKind.Double => "double",
        AvroKind.String or AvroKind.Enum => "string",
        AvroKind.Uuid => "uuid",
        AvroKind.Bytes => "binary",
        AvroKind.Fixed => $"fixed[{type.Size}]",
        AvroKind.Date => "date",
        AvroKind.TimeMillis => "time-millis",
        AvroKind.TimeMicros => "time",
        AvroKind.TimestampMillis => "timestamp-millis",
        AvroKind.TimestampMicros => "timestamp",
        AvroKind.LocalTimestampMillis => "local-timestamp-millis",
        AvroKind.LocalTimestampMicros => "local-timestamp-micros",
        AvroKind.Decimal when type.Size == 0 => $"decimal_bytes({type.Precision}, {type.Scale})",
        AvroKind.Decimal when type.Size == ArrowToAvro.DecimalBytes(type.Precision) => $"decimal({type.Precision}, {type.Scale})",
        AvroKind.Decimal => $"decimal_fixed({type.Precision}, {type.Scale})[{type.Size}]",
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"A column of the type {type.Kind} has no form in schema-on-read evolution"),
    };

    private static JsonObject Record(InternalRecord record, string name, string space) => new()
    {
        ["type"] = "record",
        ["name"] = name,
        ["namespace"] = space,
        ["fields"] = new JsonArray([.. record.Fields.Select(JsonNode? (f) =>
        {
            var field = new JsonObject { ["name"] = f.Name, ["type"] = Nullable(f.Type, f.Optional, f.Name, $"{space}.{name}") };
            if (f.Doc is not null)
            {
                field["doc"] = f.Doc;
            }

            if (f.Optional)
            {
                field["default"] = null;
            }

            return field;
        })]),
    };

    private static JsonNode Nullable(InternalType type, bool optional, string name, string space)
    {
        var node = Node(type, name, space);
        return optional ? new JsonArray("null", node) : node;
    }

    private static JsonNode Node(InternalType type, string name, string space) => type switch
    {
        InternalRecord r => Record(r, name, space),
        InternalArray a => new JsonObject { ["type"] = "array", ["items"] = Nullable(a.Element, a.ElementOptional, name, space) },
        InternalMap m => new JsonObject { ["type"] = "map", ["values"] = Nullable(m.Value, m.ValueOptional, name, space) },
        _ => Scalar(((InternalScalar)type).Name, name, space),
    };

    private static JsonNode Scalar(string type, string name, string space) => type switch
    {
        "boolean" or "int" or "long" or "float" or "double" or "string" => type,
        "binary" => "bytes",
        "uuid" => Logical("string", "uuid"),
        "date" => Logical("int", "date"),
        "time" => Logical("long", "time-micros"),
        "time-millis" => Logical("int", "time-millis"),
        "timestamp" => Logical("long", "timestamp-micros"),
        "timestamp-millis" or "local-timestamp-millis" or "local-timestamp-micros" => Logical("long", type),
        _ => Sized(type, name, space),
    };

    private static JsonObject Sized(string type, string name, string space)
    {
        int[] numbers = [.. type.Split(['(', ')', '[', ']', ',', ' '], StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int i) ? i : -1)];
        switch (type.Split('(', '[')[0], numbers)
        {
            case ("fixed", [> 0 and var size]):
                return Fixed(size, name, space);
            case ("decimal_bytes", [> 0 and var precision, >= 0 and var scale]):
                return WithDecimal(new JsonObject { ["type"] = "bytes" }, precision, scale);
            case ("decimal", [> 0 and var precision, >= 0 and var scale]):
                return WithDecimal(Fixed(ArrowToAvro.DecimalBytes(precision), name, space), precision, scale);
            case ("decimal_fixed", [> 0 and var precision, >= 0 and var scale, > 0 and var size]):
                return WithDecimal(Fixed(size, name, space), precision, scale);
            default:
                throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The column {name} is of the unknown type '{type}' in the internal schema", remedy: "Change the table's schema with Apache Hudi");
        }
    }

    private static JsonObject Fixed(int size, string name, string space) => new() { ["type"] = "fixed", ["name"] = "fixed", ["namespace"] = $"{space}.{name}", ["size"] = size };

    private static JsonObject WithDecimal(JsonObject type, int precision, int scale)
    {
        (type["logicalType"], type["precision"], type["scale"]) = ("decimal", precision, scale);
        return type;
    }

    private static JsonObject Logical(string type, string logical) => new() { ["type"] = type, ["logicalType"] = logical };
}
