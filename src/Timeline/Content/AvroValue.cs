using Avro;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Decodes by the writer's schema, for records read rarely: a record and a map become a dictionary, an array a list, a union the value that it holds. Depth is bounded by the schema
/// but for recursive ones, which Hudi has none of.
/// </summary>
internal static class AvroValue
{
    private const int MaxDepth = 64;

    /// <summary>The record of a container file.</summary>
    public static IReadOnlyDictionary<string, object?> Read(ReadOnlySpan<byte> file)
    {
        var record = AvroFile.ReadRecord(file, out var text);
        var reader = new AvroReader(record);
        return Decode(AvroSchemas.Parse(text), ref reader, 0) as Dictionary<string, object?>
            ?? throw new LakehouseException(LakehouseErrorKind.Corrupt, "the Avro container does not hold a record");
    }

    public static string? Text(this IReadOnlyDictionary<string, object?> record, string field) => record.GetValueOrDefault(field) as string;

    public static long Number(this IReadOnlyDictionary<string, object?> record, string field) => record.GetValueOrDefault(field) as long? ?? 0;

    public static IReadOnlyList<object?> List(this IReadOnlyDictionary<string, object?> record, string field) => record.GetValueOrDefault(field) as List<object?> ?? [];

    public static IReadOnlyDictionary<string, object?> Record(this IReadOnlyDictionary<string, object?> record, string field) =>
        record.GetValueOrDefault(field) as Dictionary<string, object?> ?? [];

    public static IReadOnlyList<string> Texts(this IReadOnlyDictionary<string, object?> record, string field) => record.List(field).OfType<string>().ToList();

    public static void Skip(Schema schema, ref AvroReader reader) => Decode(schema, ref reader, 0);

    /// <summary>A value inside a record.</summary>
    public static object? Decode(Schema schema, ref AvroReader reader) => Decode(schema, ref reader, 0);

    private static object? Decode(Schema schema, ref AvroReader reader, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "an Avro file nests too deeply");
        }

        switch (schema)
        {
            case RecordSchema record:
                var fields = new Dictionary<string, object?>(record.Fields.Count);
                foreach (var field in record.Fields)
                {
                    fields[field.Name] = Decode(field.Schema, ref reader, depth + 1);
                }

                return fields;
            case UnionSchema union:
                return Decode(Branch(union, ref reader), ref reader, depth + 1);
            case ArraySchema array:
                var items = new List<object?>();
                for (long count = reader.BlockCount(); count > 0; count = reader.BlockCount())
                {
                    for (; count > 0; count--)
                    {
                        items.Add(Decode(array.ItemSchema, ref reader, depth + 1));
                    }
                }

                return items;
            case MapSchema map:
                var entries = new Dictionary<string, object?>();
                for (long count = reader.BlockCount(); count > 0; count = reader.BlockCount())
                {
                    for (; count > 0; count--)
                    {
                        var key = reader.String();
                        entries[key] = Decode(map.ValueSchema, ref reader, depth + 1);
                    }
                }

                return entries;
            case FixedSchema fixedSchema:
                return reader.Take(fixedSchema.Size).ToArray();
            case EnumSchema symbols:
                var symbol = reader.Long();
                return symbol >= 0 && symbol < symbols.Count
                    ? symbols[(int)symbol]
                    : throw new LakehouseException(LakehouseErrorKind.Corrupt, "an Avro enum has no such symbol");
            default:
                return Primitive(schema, ref reader);
        }
    }

    /// <summary>The branch that a union holds.</summary>
    internal static Schema Branch(UnionSchema union, ref AvroReader reader)
    {
        var branch = reader.Long();
        return branch >= 0 && branch < union.Count
            ? union[(int)branch]
            : throw new LakehouseException(LakehouseErrorKind.Corrupt, "an Avro union has no such branch");
    }

    private static object? Primitive(Schema schema, ref AvroReader reader) => schema.Tag switch
    {
        Schema.Type.Null => null,
        Schema.Type.Boolean => reader.Boolean(),
        Schema.Type.Int or Schema.Type.Long => reader.Long(),
        Schema.Type.Float => reader.Float(),
        Schema.Type.Double => reader.Double(),
        Schema.Type.String => reader.String(),
        Schema.Type.Bytes => reader.Bytes().ToArray(),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"the Avro type {schema.Tag} is not expected in a timeline file"),
    };
}
