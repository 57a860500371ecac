using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>The Arrow form of a Parquet schema, the same for every reader behind the seam. Instants are in UTC, lists have items named "element".</summary>
internal static class ParquetToArrow
{
    public const string ElementName = "element";

    /// <summary>The digits that Arrow's 128-bit decimal holds.</summary>
    private const int MaxPrecision = 38;

    public static Schema Convert(ParquetFooter footer) => new(footer.Root.Children.Select(node => Field(node, footer.Path)), null);

    public static Field Field(SchemaNode node, string? path)
    {
        if (node.Repetition == ParquetRepetition.Repeated)
        {
            // A repeated field outside a LIST or MAP: a required list of required elements (LogicalTypes.md, backward compatibility).
            return new Field(node.Name, new ListType(new Field(ElementName, ValueType(node, path), false)), false);
        }

        return new Field(node.Name, ValueType(node, path), node.Repetition == ParquetRepetition.Optional);
    }

    /// <summary>The repeated node of a list or map as a group's annotation declares it; null for a plain group.</summary>
    public static ParquetGroupKind KindOf(SchemaNode node)
    {
        var logical = node.Element.LogicalType?.Kind;
        var converted = node.Element.ConvertedType;
        return node.IsLeaf ? ParquetGroupKind.Leaf
            : logical == LogicalKind.List || converted == ConvertedType.List ? ParquetGroupKind.List
            : logical == LogicalKind.Map || converted is ConvertedType.Map or ConvertedType.MapKeyValue ? ParquetGroupKind.Map
            : ParquetGroupKind.Struct;
    }

    /// <summary>
    /// Whether the repeated node of a list is itself the element (2 levels) and no mere wrapper of it (3 levels): LogicalTypes.md, backward-compatibility rules.
    /// </summary>
    public static bool IsElement(SchemaNode list, SchemaNode repeated) =>
        repeated.IsLeaf || repeated.Children.Count != 1 || repeated.Name == "array" || repeated.Name == list.Name + "_tuple";

    private static IArrowType ValueType(SchemaNode node, string? path)
    {
        switch (KindOf(node))
        {
            case ParquetGroupKind.Leaf:
                return Leaf(node, path);
            case ParquetGroupKind.List:
                var repeated = OnlyRepeatedChild(node, path);
                var element = IsElement(node, repeated) ? new Field(ElementName, ValueType(repeated, path), false) : Rename(Field(repeated.Children[0], path), ElementName);
                return new ListType(element);
            case ParquetGroupKind.Map:
                var entries = OnlyRepeatedChild(node, path);
                if (entries.Children.Count != 2)
                {
                    throw Unsupported(node, path, $"is a map whose entries have {entries.Children.Count} fields");
                }

                return new MapType(Rename(Field(entries.Children[0], path), "key", nullable: false), Rename(Field(entries.Children[1], path), "value"));
            default:
                return node.Children.Count > 0
                    ? new StructType([.. node.Children.Select(child => Field(child, path))])
                    : throw Unsupported(node, path, "is a group without fields");
        }
    }

    private static SchemaNode OnlyRepeatedChild(SchemaNode node, string? path) =>
        node.Children is [{ Repetition: ParquetRepetition.Repeated } repeated]
            ? repeated
            : throw Unsupported(node, path, "is a list or map without exactly one repeated group");

    private static Field Rename(Field field, string name, bool? nullable = null) => new(name, field.DataType, nullable ?? field.IsNullable);

    private static IArrowType Leaf(SchemaNode node, string? path)
    {
        var element = node.Element;
        if (element.LogicalType?.Kind == LogicalKind.Decimal || element.ConvertedType == ConvertedType.Decimal)
        {
            return Decimal(node, path);
        }

        return element.Type switch
        {
            ParquetType.Boolean => BooleanType.Default,
            ParquetType.Int32 => Int32(element),
            ParquetType.Int64 => Int64(element),
            ParquetType.Int96 => new TimestampType(TimeUnit.Microsecond, "UTC"),
            ParquetType.Float => FloatType.Default,
            ParquetType.Double => DoubleType.Default,
            ParquetType.ByteArray => IsText(element) ? StringType.Default : BinaryType.Default,
            _ when element.LogicalType?.Kind == LogicalKind.Float16 => HalfFloatType.Default,
            _ => new FixedSizeBinaryType(element.TypeLength!.Value),
        };
    }

    private static bool IsText(SchemaElement element) =>
        element.LogicalType?.Kind is LogicalKind.String or LogicalKind.Enum or LogicalKind.Json
        || element.ConvertedType is ConvertedType.Utf8 or ConvertedType.Enum or ConvertedType.Json;

    private static IArrowType Int32(SchemaElement element) => element switch
    {
        { LogicalType.Kind: LogicalKind.Date } or { ConvertedType: ConvertedType.Date } => Date32Type.Default,
        { LogicalType.Kind: LogicalKind.Time } or { ConvertedType: ConvertedType.TimeMillis } => new Time32Type(TimeUnit.Millisecond),
        { LogicalType: { Kind: LogicalKind.Integer } i } => Integer(i.BitWidth, i.IsSigned),
        { ConvertedType: ConvertedType.Int8 } => Int8Type.Default,
        { ConvertedType: ConvertedType.Int16 } => Int16Type.Default,
        { ConvertedType: ConvertedType.UInt8 } => UInt8Type.Default,
        { ConvertedType: ConvertedType.UInt16 } => UInt16Type.Default,
        { ConvertedType: ConvertedType.UInt32 } => UInt32Type.Default,
        _ => Int32Type.Default,
    };

    private static IArrowType Int64(SchemaElement element) => element switch
    {
        { LogicalType: { Kind: LogicalKind.Timestamp } t } => new TimestampType(Unit(t.Unit), t.IsAdjustedToUtc ? "UTC" : (string?)null),
        { LogicalType: { Kind: LogicalKind.Time } t } => new Time64Type(Unit(t.Unit)),
        { LogicalType: { Kind: LogicalKind.Integer } i } => Integer(i.BitWidth, i.IsSigned),
        { ConvertedType: ConvertedType.TimestampMillis } => new TimestampType(TimeUnit.Millisecond, "UTC"),
        { ConvertedType: ConvertedType.TimestampMicros } => new TimestampType(TimeUnit.Microsecond, "UTC"),
        { ConvertedType: ConvertedType.TimeMicros } => new Time64Type(TimeUnit.Microsecond),
        { ConvertedType: ConvertedType.UInt64 } => UInt64Type.Default,
        _ => Int64Type.Default,
    };

    private static IArrowType Integer(int bits, bool signed) => (bits, signed) switch
    {
        (8, true) => Int8Type.Default,
        (16, true) => Int16Type.Default,
        (32, true) => Int32Type.Default,
        (8, false) => UInt8Type.Default,
        (16, false) => UInt16Type.Default,
        (32, false) => UInt32Type.Default,
        (64, false) => UInt64Type.Default,
        _ => Int64Type.Default,
    };

    private static TimeUnit Unit(ParquetTimeUnit unit) => unit switch
    {
        ParquetTimeUnit.Millis => TimeUnit.Millisecond,
        ParquetTimeUnit.Micros => TimeUnit.Microsecond,
        _ => TimeUnit.Nanosecond,
    };

    private static Decimal128Type Decimal(SchemaNode node, string? path)
    {
        var element = node.Element;
        bool annotated = element.LogicalType?.Kind == LogicalKind.Decimal;
        int precision = annotated ? element.LogicalType!.Precision : element.Precision ?? 0;
        int scale = annotated ? element.LogicalType!.Scale : element.Scale ?? 0;
        return precision is > 0 and <= MaxPrecision && scale >= 0 && scale <= precision
            ? new Decimal128Type(precision, scale)
            : throw Unsupported(node, path, $"is a decimal({precision},{scale})");
    }

    private static LakehouseException Unsupported(SchemaNode node, string? path, string what) =>
        new(LakehouseErrorKind.Unsupported, $"Column '{node.DottedPath}' {what}", path: path, remedy: "Rewrite the file with a type that Hudi's tables have");
}
