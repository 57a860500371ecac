using System.Text.Json;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>Names of Avro's primitive types, and its logical types on them (Avro specification, "Logical Types").</summary>
internal static class AvroLogicalTypes
{
    public static AvroKind? Primitive(string name) => name switch
    {
        "null" => AvroKind.Null,
        "boolean" => AvroKind.Boolean,
        "int" => AvroKind.Int,
        "long" => AvroKind.Long,
        "float" => AvroKind.Float,
        "double" => AvroKind.Double,
        "string" => AvroKind.String,
        "bytes" => AvroKind.Bytes,
        _ => null,
    };

    /// <summary>
    /// The type with its <c>logicalType</c>. Java ignores a logical type that it does not know; we refuse it, since a Hudi of another version may store values of another meaning under it.
    /// </summary>
    public static AvroType Apply(AvroType type, JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("logicalType", out var json) || json.ValueKind != JsonValueKind.String)
        {
            return type;
        }

        var logical = json.GetString()!;
        AvroKind? kind = (type.Kind, logical) switch
        {
            (AvroKind.Int, "date") => AvroKind.Date,
            (AvroKind.Int, "time-millis") => AvroKind.TimeMillis,
            (AvroKind.Long, "time-micros") => AvroKind.TimeMicros,
            (AvroKind.Long, "timestamp-millis") => AvroKind.TimestampMillis,
            (AvroKind.Long, "timestamp-micros") => AvroKind.TimestampMicros,
            (AvroKind.Long, "local-timestamp-millis") => AvroKind.LocalTimestampMillis,
            (AvroKind.Long, "local-timestamp-micros") => AvroKind.LocalTimestampMicros,
            (AvroKind.String, "uuid") => AvroKind.Uuid,
            (AvroKind.Fixed or AvroKind.Bytes or AvroKind.Decimal, "decimal") => AvroKind.Decimal,
            _ => null,
        };
        if (kind is null)
        {
            // {"type": {"type": "int", "logicalType": "date"}, "logicalType": "date"} states it twice.
            return Name(type.Kind) == logical
                ? type
                : throw AvroTypeParser.Refused(path, $"is of the logical type '{logical}' on {Name(type.Kind)}", "Write the column in one of Avro's standard logical types");
        }

        if (kind != AvroKind.Decimal)
        {
            return type with { Kind = kind.Value };
        }

        if (!schema.TryGetProperty("precision", out var precision) || !precision.TryGetInt32(out int p) || p < 1)
        {
            throw AvroTypeParser.Bad(path, "is a decimal without a precision");
        }

        int s = schema.TryGetProperty("scale", out var scale) && scale.TryGetInt32(out int value) ? value : 0;
        return s < 0 || s > p
            ? throw AvroTypeParser.Bad(path, $"is a decimal({p},{s})")
            : type with { Kind = AvroKind.Decimal, Precision = p, Scale = s };
    }

    /// <summary>The name by which Avro calls a type.</summary>
    public static string Name(AvroKind kind) => kind switch
    {
        AvroKind.TimeMillis => "time-millis",
        AvroKind.TimeMicros => "time-micros",
        AvroKind.TimestampMillis => "timestamp-millis",
        AvroKind.TimestampMicros => "timestamp-micros",
        AvroKind.LocalTimestampMillis => "local-timestamp-millis",
        AvroKind.LocalTimestampMicros => "local-timestamp-micros",
        _ => kind.ToString().ToLowerInvariant(),
    };
}
