using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Schemas;

/// <summary>
/// The Avro schema that Hudi's Spark writer gives a DataFrame with these columns (HoodieSparkSchemaConverters): nested records are named after their field, inside the
/// enclosing record's name; a decimal is a fixed of the least size, a nullable column a union of null and its type with default null.
/// </summary>
internal static class ArrowToAvro
{
    public static JsonObject Convert(Schema schema, string tableName)
    {
        var (name, space) = AvroNames.Record(tableName);
        var fields = schema.FieldsList.Where(f => !MetaColumns.IsReserved(f.Name)).ToArray();
        return fields.Length == 0
            ? throw new LakehouseException(LakehouseErrorKind.InvalidInput, "The schema has no columns", remedy: "Give at least one data column")
            : Record(name, space, fields, string.Empty);
    }

    /// <summary>The least number of bytes that hold every two's complement number of so many digits (Spark's Decimal.minBytesForPrecision).</summary>
    public static int DecimalBytes(int precision)
    {
        int bytes = 1;
        while (Math.Pow(2, (8 * bytes) - 1) < Math.Pow(10, precision))
        {
            bytes++;
        }

        return bytes;
    }

    private static JsonObject Record(string name, string space, IReadOnlyList<Field> fields, string path)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var array = new JsonArray();
        foreach (var field in fields)
        {
            var fieldPath = path.Length == 0 ? field.Name : $"{path}.{field.Name}";
            if (!AvroNames.IsValid(field.Name))
            {
                throw Wrong($"The column name '{fieldPath}' is not one that Avro allows", "Use letters, digits and underscores, and no digit in front");
            }

            if (!names.Add(field.Name))
            {
                throw Wrong($"The column {fieldPath} is there twice (upper and lower case are the same to Spark)", "Rename one of them");
            }

            var json = new JsonObject { ["name"] = field.Name, ["type"] = Nullable(field, field.Name, $"{space}.{name}", fieldPath) };
            if (field.Metadata is { } metadata && metadata.TryGetValue(ColumnComment, out var comment))
            {
                json["doc"] = comment;
            }

            if (field.IsNullable)
            {
                json["default"] = null;
            }

            array.Add((JsonNode)json);
        }

        return new JsonObject { ["type"] = "record", ["name"] = name, ["namespace"] = space, ["fields"] = array };
    }

    /// <summary>The key of an Arrow field's metadata that becomes the Avro field's doc, as Spark's column comment does.</summary>
    public const string ColumnComment = "comment";

    private static JsonNode Nullable(Field field, string name, string space, string path)
    {
        var type = Type(field.DataType, name, space, path);
        return field.IsNullable ? new JsonArray("null", type) : type;
    }

    private static JsonNode Type(IArrowType type, string name, string space, string path) => type switch
    {
        BooleanType => "boolean",
        Int8Type or Int16Type or Int32Type or UInt8Type or UInt16Type => "int",
        Int64Type or UInt32Type => "long",
        FloatType => "float",
        DoubleType => "double",
        StringType or LargeStringType or StringViewType => "string",
        BinaryType or LargeBinaryType or BinaryViewType => "bytes",
        Decimal32Type d => Decimal(d.Precision, d.Scale, name, space, path),
        Decimal64Type d => Decimal(d.Precision, d.Scale, name, space, path),
        Decimal128Type d => Decimal(d.Precision, d.Scale, name, space, path),
        Decimal256Type d => Decimal(d.Precision, d.Scale, name, space, path),
        FixedSizeBinaryType fixedSize => new JsonObject { ["type"] = "fixed", ["name"] = "fixed", ["namespace"] = $"{space}.{name}", ["size"] = fixedSize.ByteWidth },
        Date32Type or Date64Type => Logical("int", "date"),
        Time32Type => Logical("int", "time-millis"),
        Time64Type { Unit: TimeUnit.Microsecond } => Logical("long", "time-micros"),
        TimestampType t => Timestamp(t, path),
        DictionaryType d => Type(d.ValueType, name, space, path),
        ListType l => List(l.ValueField, name, space, path),
        LargeListType l => List(l.ValueField, name, space, path),
        MapType m => Map(m, name, space, path),
        StructType s => Record(name, space, s.Fields, path),
        NullType => throw Wrong($"The column {path} has the type null", "Give the column a type"),
        Time64Type => throw Wrong($"The column {path} holds times in nanoseconds, which Avro has no type for", "Convert it to microseconds"),
        _ => throw Wrong($"The column {path} has the Arrow type {ArrowTypes.Text(type)}, which a Hudi table has no type for", "Convert the column to a supported type"),
    };

    private static JsonObject Logical(string type, string logical) => new() { ["type"] = type, ["logicalType"] = logical };

    /// <summary>Seconds go into milliseconds, which is exact; nanoseconds would lose digits, so the caller must choose.</summary>
    private static JsonObject Timestamp(TimestampType type, string path)
    {
        var unit = type.Unit switch
        {
            TimeUnit.Microsecond => "timestamp-micros",
            TimeUnit.Millisecond or TimeUnit.Second => "timestamp-millis",
            _ => throw Wrong($"The column {path} holds timestamps in nanoseconds, which Hudi has no type for", "Convert it to microseconds"),
        };
        return Logical("long", type.Timezone is null ? $"local-{unit}" : unit);
    }

    private static JsonObject List(Field item, string name, string space, string path) =>
        new() { ["type"] = "array", ["items"] = Nullable(item, name, space, $"{path}.element") };

    private static JsonObject Map(MapType map, string name, string space, string path) =>
        Decoded(map.KeyField.DataType) is StringType or LargeStringType or StringViewType
            ? new JsonObject { ["type"] = "map", ["values"] = Nullable(map.ValueField, name, space, $"{path}.value") }
            : throw Wrong($"The column {path} is a map whose keys are {ArrowTypes.Text(map.KeyField.DataType)}", "Only text can be a map's key: convert the keys");

    private static IArrowType Decoded(IArrowType type) => type is DictionaryType d ? d.ValueType : type;

    private static JsonObject Decimal(int precision, int scale, string name, string space, string path) =>
        precision is < 1 or > AvroToArrow.MaxPrecision || scale < 0 || scale > precision
            ? throw Wrong($"The column {path} is a decimal({precision},{scale})", $"Use 1 to {AvroToArrow.MaxPrecision} digits and a scale between 0 and their number")
            : new JsonObject
            {
                ["type"] = "fixed",
                ["name"] = "fixed",
                ["namespace"] = $"{space}.{name}",
                ["size"] = DecimalBytes(precision),
                ["logicalType"] = "decimal",
                ["precision"] = precision,
                ["scale"] = scale,
            };

    private static LakehouseException Wrong(string problem, string remedy) => new(LakehouseErrorKind.InvalidInput, problem, remedy: remedy);
}
