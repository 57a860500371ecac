using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Rows;

/// <summary>The C# type that a column's values have where nobody asks for another.</summary>
internal static class NaturalTypes
{
    public static Type Of(IArrowType type) => type switch
    {
        BooleanType => typeof(bool),
        Int8Type => typeof(sbyte),
        Int16Type => typeof(short),
        Int32Type => typeof(int),
        Int64Type => typeof(long),
        UInt8Type => typeof(byte),
        UInt16Type => typeof(ushort),
        UInt32Type => typeof(uint),
        UInt64Type => typeof(ulong),
        FloatType => typeof(float),
        DoubleType => typeof(double),
        Decimal128Type => typeof(decimal),
        StringType => typeof(string),
        BinaryType => typeof(byte[]),
        FixedSizeBinaryType and not Decimal256Type => typeof(byte[]),
        Date32Type => typeof(DateOnly),
        Time32Type or Time64Type => typeof(TimeOnly),
        TimestampType => typeof(DateTime),
        MapType m => typeof(Dictionary<,>).MakeGenericType(typeof(string), Nullable(Of(m.ValueField.DataType))),
        ListType l => typeof(List<>).MakeGenericType(Nullable(Of(l.ValueDataType))),
        StructType => typeof(Dictionary<string, object?>),
        DictionaryType d => Of(d.ValueType),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"A column of type {Text.TypeNames.Describe(type)} has no C# value"),
    };

    private static Type Nullable(Type type) => type.IsValueType ? typeof(Nullable<>).MakeGenericType(type) : type;
}
