using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Tests.Schemas;

/// <summary>Spark's schema JSON, of which the vectors are made, as the Arrow schema that a user would give for it.</summary>
internal static class SparkTypes
{
    public static Schema Schema(string json)
    {
        using var document = JsonDocument.Parse(json);
        return new Schema(((StructType)Type(document.RootElement.Clone())).Fields, null);
    }

    private static IArrowType Type(JsonElement type)
    {
        if (type.ValueKind == JsonValueKind.String)
        {
            return Primitive(type.GetString()!);
        }

        return type.GetProperty("type").GetString() switch
        {
            "struct" => new StructType([.. type.GetProperty("fields").EnumerateArray().Select(f => new Field(f.GetProperty("name").GetString(), Type(f.GetProperty("type")), f.GetProperty("nullable").GetBoolean()))]),
            "array" => new ListType(new Field("element", Type(type.GetProperty("elementType")), type.GetProperty("containsNull").GetBoolean())),
            "map" => new MapType(new Field("key", Type(type.GetProperty("keyType")), false), new Field("value", Type(type.GetProperty("valueType")), type.GetProperty("valueContainsNull").GetBoolean())),
            var other => throw new NotSupportedException(other),
        };
    }

    private static IArrowType Primitive(string name)
    {
        if (name.StartsWith("decimal(", StringComparison.Ordinal))
        {
            var parts = name[8..^1].Split(',');
            return new Decimal128Type(int.Parse(parts[0]), int.Parse(parts[1]));
        }

        return name switch
        {
            "boolean" => BooleanType.Default,
            "byte" => Int8Type.Default,
            "short" => Int16Type.Default,
            "integer" => Int32Type.Default,
            "long" => Int64Type.Default,
            "float" => FloatType.Default,
            "double" => DoubleType.Default,
            "string" => StringType.Default,
            "binary" => BinaryType.Default,
            "date" => Date32Type.Default,
            "timestamp" => new TimestampType(TimeUnit.Microsecond, "UTC"),
            "timestamp_ntz" => new TimestampType(TimeUnit.Microsecond, (string?)null),
            "void" => NullType.Default,
            _ when name.StartsWith("varchar", StringComparison.Ordinal) || name.StartsWith("char", StringComparison.Ordinal) => StringType.Default,
            _ when name.StartsWith("interval", StringComparison.Ordinal) => new IntervalType(IntervalUnit.DayTime),
            _ => throw new NotSupportedException(name),
        };
    }
}
