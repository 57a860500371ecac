using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// The Parquet schema in which Arrow columns are written: lists in 3 levels (list/element), decimals as the shortest fixed bytes, both forms of annotations, as parquet-avro
/// has them (AvroSchemaConverter). The physical shape is the same as Arrow C++ encodes.
/// </summary>
internal static class ArrowToParquet
{
    /// <param name="arrow">All columns.</param>
    /// <param name="rootName">The message's name; with Hudi the full name of the Avro record.</param>
    /// <param name="enums">Dotted paths of text columns that are Avro enums, or null.</param>
    public static List<SchemaElement> Convert(Schema arrow, string rootName, IReadOnlySet<string>? enums = null)
    {
        var elements = new List<SchemaElement> { new() { Name = rootName, NumChildren = arrow.FieldsList.Count } };
        foreach (var field in arrow.FieldsList)
        {
            Add(elements, field.Name, field, field.Name, enums);
        }

        return elements;
    }

    private static void Add(List<SchemaElement> elements, string name, Field field, string path, IReadOnlySet<string>? enums)
    {
        var element = new SchemaElement { Name = name, Repetition = field.IsNullable ? ParquetRepetition.Optional : ParquetRepetition.Required };
        elements.Add(element);
        switch (field.DataType)
        {
            case MapType map:
                element.NumChildren = 1;
                Annotate(element, ConvertedType.Map, LogicalKind.Map);
                elements.Add(new SchemaElement { Name = "key_value", Repetition = ParquetRepetition.Repeated, NumChildren = 2 });
                Add(elements, "key", new Field("key", map.KeyField.DataType, false), $"{path}.key_value.key", enums);
                Add(elements, "value", map.ValueField, $"{path}.key_value.value", enums);
                break;
            case ListType list:
                element.NumChildren = 1;
                Annotate(element, ConvertedType.List, LogicalKind.List);
                elements.Add(new SchemaElement { Name = "list", Repetition = ParquetRepetition.Repeated, NumChildren = 1 });
                Add(elements, "element", list.ValueField, $"{path}.list.element", enums);
                break;
            case StructType type:
                element.NumChildren = type.Fields.Count;
                foreach (var child in type.Fields)
                {
                    Add(elements, child.Name, child, $"{path}.{child.Name}", enums);
                }

                break;
            default:
                SetLeaf(element, field.DataType is DictionaryType dictionary ? dictionary.ValueType : field.DataType, path, enums);
                break;
        }
    }

    private static void SetLeaf(SchemaElement element, IArrowType type, string path, IReadOnlySet<string>? enums)
    {
        element.Type = type switch
        {
            BooleanType => ParquetType.Boolean,
            Int8Type or Int16Type or Int32Type or UInt8Type or UInt16Type or UInt32Type or Date32Type or Time32Type => ParquetType.Int32,
            Int64Type or UInt64Type or Time64Type or TimestampType => ParquetType.Int64,
            FloatType => ParquetType.Float,
            DoubleType => ParquetType.Double,
            StringType or LargeStringType or BinaryType or LargeBinaryType => ParquetType.ByteArray,
            Decimal128Type or FixedSizeBinaryType => ParquetType.FixedLenByteArray,
            _ => throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"Column '{path}' is of the Arrow type {type.Name}, which is not written", remedy: "Convert it to a type that Hudi's tables have"),
        };
        switch (type)
        {
            case StringType or LargeStringType when enums?.Contains(path) == true:
                Annotate(element, ConvertedType.Enum, LogicalKind.Enum);
                break;
            case StringType or LargeStringType:
                Annotate(element, ConvertedType.Utf8, LogicalKind.String);
                break;
            case Decimal128Type d:
                element.TypeLength = BytesOf(d.Precision);
                element.ConvertedType = ConvertedType.Decimal;
                element.Precision = d.Precision;
                element.Scale = d.Scale;
                element.LogicalType = new LogicalType(LogicalKind.Decimal) { Precision = d.Precision, Scale = d.Scale };
                break;
            case FixedSizeBinaryType f:
                element.TypeLength = f.ByteWidth;
                break;
            case Date32Type:
                Annotate(element, ConvertedType.Date, LogicalKind.Date);
                break;
            case Time32Type or Time64Type:
                SetTime(element, ((TimeBasedType)type).Unit);
                break;
            case TimestampType t:
                SetTimestamp(element, t);
                break;
            case Int8Type or Int16Type or UInt8Type or UInt16Type or UInt32Type or UInt64Type:
                SetInteger(element, (NumberType)type);
                break;
        }
    }

    /// <summary>The fewest bytes that hold a signed number of so many digits: what Spark, parquet-avro for Hudi and Arrow C++ take.</summary>
    private static int BytesOf(int precision)
    {
        var max = System.Numerics.BigInteger.Pow(10, precision) - 1;
        return max.GetByteCount(isUnsigned: false);
    }

    private static void SetTime(SchemaElement element, TimeUnit unit)
    {
        element.ConvertedType = unit switch
        {
            TimeUnit.Millisecond => ConvertedType.TimeMillis,
            TimeUnit.Microsecond => ConvertedType.TimeMicros,
            _ => null,
        };
        element.LogicalType = new LogicalType(LogicalKind.Time) { IsAdjustedToUtc = true, Unit = Unit(unit, element.Name) };
    }

    private static void SetTimestamp(SchemaElement element, TimestampType type)
    {
        bool utc = type.Timezone is not null;
        element.ConvertedType = (utc, type.Unit) switch
        {
            (true, TimeUnit.Millisecond) => ConvertedType.TimestampMillis,
            (true, TimeUnit.Microsecond) => ConvertedType.TimestampMicros,
            _ => null,
        };
        element.LogicalType = new LogicalType(LogicalKind.Timestamp) { IsAdjustedToUtc = utc, Unit = Unit(type.Unit, element.Name) };
    }

    private static void SetInteger(SchemaElement element, NumberType type)
    {
        element.ConvertedType = (type.BitWidth, type.IsSigned) switch
        {
            (8, true) => ConvertedType.Int8,
            (16, true) => ConvertedType.Int16,
            (8, false) => ConvertedType.UInt8,
            (16, false) => ConvertedType.UInt16,
            (32, false) => ConvertedType.UInt32,
            _ => ConvertedType.UInt64,
        };
        element.LogicalType = new LogicalType(LogicalKind.Integer) { BitWidth = type.BitWidth, IsSigned = type.IsSigned };
    }

    private static ParquetTimeUnit Unit(TimeUnit unit, string column) => unit switch
    {
        TimeUnit.Millisecond => ParquetTimeUnit.Millis,
        TimeUnit.Microsecond => ParquetTimeUnit.Micros,
        TimeUnit.Nanosecond => ParquetTimeUnit.Nanos,
        _ => throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"Column '{column}' counts seconds, which Parquet does not", remedy: "Convert it to milliseconds"),
    };

    private static void Annotate(SchemaElement element, ConvertedType converted, LogicalKind logical)
    {
        element.ConvertedType = converted;
        element.LogicalType = new LogicalType(logical);
    }
}
