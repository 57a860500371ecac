using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Text;

/// <summary>Arrow types in the words of the DDL that users write schemas in.</summary>
internal static class TypeNames
{
    public static string Describe(IArrowType type) => type switch
    {
        BooleanType => "boolean",
        Int8Type => "tinyint",
        Int16Type => "smallint",
        Int32Type => "int",
        Int64Type => "bigint",
        FloatType => "float",
        DoubleType => "double",
        StringType => "string",
        BinaryType => "binary",
        Decimal128Type d => $"decimal({d.Precision},{d.Scale})",
        Decimal256Type d => $"decimal({d.Precision},{d.Scale})",
        FixedSizeBinaryType f => $"fixed({f.ByteWidth})",
        Date32Type or Date64Type => "date",
        TimestampType { Timezone: null } => "local timestamp",
        TimestampType => "timestamp",
        TimeBasedType => "time",
        MapType m => $"map<{Describe(m.KeyField.DataType)},{Describe(m.ValueField.DataType)}>",
        ListType l => $"array<{Describe(l.ValueDataType)}>",
        StructType s => $"struct<{string.Join(", ", s.Fields.Select(f => $"{f.Name} {Describe(f.DataType)}"))}>",
        DictionaryType d => Describe(d.ValueType),
        _ => type.Name,
    };
}
