using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>The Arrow type in which the rows of an Avro type travel.</summary>
internal static class AvroToArrow
{
    public const string ElementName = "element";

    /// <summary>Most digits that Spark, Parquet's writers and Arrow's 128-bit decimal hold.</summary>
    public const int MaxPrecision = 38;

    public static Schema Convert(AvroType record) => new(record.Fields.Select(f => Field(f.Name, f.Type, f.Name)), null);

    public static Field Field(string name, AvroType type, string path) => new(name, Convert(type, path), type.Nullable);

    private static IArrowType Convert(AvroType type, string path) => type.Kind switch
    {
        AvroKind.Boolean => BooleanType.Default,
        AvroKind.Int => Int32Type.Default,
        AvroKind.Long => Int64Type.Default,
        AvroKind.Float => FloatType.Default,
        AvroKind.Double => DoubleType.Default,
        AvroKind.String or AvroKind.Enum or AvroKind.Uuid => StringType.Default,
        AvroKind.Bytes => BinaryType.Default,
        AvroKind.Fixed => new FixedSizeBinaryType(type.Size),
        AvroKind.Decimal => Decimal(type, path),
        AvroKind.Date => Date32Type.Default,
        AvroKind.TimeMillis => TimeTypes.Millis,
        AvroKind.TimeMicros => TimeTypes.Micros,
        AvroKind.TimestampMillis => TimeTypes.TimestampMillis,
        AvroKind.TimestampMicros => TimeTypes.TimestampMicros,
        AvroKind.LocalTimestampMillis => TimeTypes.LocalTimestampMillis,
        AvroKind.LocalTimestampMicros => TimeTypes.LocalTimestampMicros,
        AvroKind.Array => new ListType(Field(ElementName, type.Items!, $"{path}.{ElementName}")),
        AvroKind.Map => new MapType(new Field("key", StringType.Default, false), Field("value", type.Items!, $"{path}.value")),
        AvroKind.Record => new StructType([.. type.Fields.Select(f => Field(f.Name, f.Type, $"{path}.{f.Name}"))]),
        AvroKind.Union => throw AvroTypeParser.Refused(
            path, $"is a union of {string.Join(", ", type.Fields.Select(f => AvroLogicalTypes.Name(f.Type.Kind)))}", "Only unions of null and one type are: write the column with one type"),
        _ => throw AvroTypeParser.Refused(path, "is of the type null", "Give the column a type"),
    };

    private static Decimal128Type Decimal(AvroType type, string path) => type.Precision > MaxPrecision
        ? throw AvroTypeParser.Refused(path, $"is a decimal({type.Precision},{type.Scale})", $"Use at most {MaxPrecision} digits")
        : new Decimal128Type(type.Precision, type.Scale);
}
