using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Columns;

/// <summary>Which builder an Arrow type needs.</summary>
internal static class ColumnBuilders
{
    public static ColumnBuilder Create(IArrowType type) => type switch
    {
        BooleanType => new BooleanBuilder(),
        Int8Type => new FixedWidthBuilder<sbyte>(type),
        Int16Type => new FixedWidthBuilder<short>(type),
        Int32Type => new FixedWidthBuilder<int>(type),
        Int64Type => new FixedWidthBuilder<long>(type),
        UInt8Type => new FixedWidthBuilder<byte>(type),
        UInt16Type => new FixedWidthBuilder<ushort>(type),
        UInt32Type => new FixedWidthBuilder<uint>(type),
        UInt64Type => new FixedWidthBuilder<ulong>(type),
        FloatType => new FixedWidthBuilder<float>(type),
        DoubleType => new FixedWidthBuilder<double>(type),
        Date32Type or Time32Type => new FixedWidthBuilder<int>(type),
        Date64Type or Time64Type or TimestampType => new FixedWidthBuilder<long>(type),
        StringType or BinaryType => new BytesBuilder(type),
        FixedSizeBinaryType fixedSize => new FixedBytesBuilder(fixedSize), // decimals too: their types derive from it
        MapType map => new ListBuilder(map),
        ListType list => new ListBuilder(list),
        StructType record => new StructBuilder(record),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"A column of Arrow type {type.Name} cannot be built"),
    };

    /// <summary>One builder for each field of a schema.</summary>
    public static ColumnBuilder[] Create(Schema schema) => [.. schema.FieldsList.Select(f => Create(f.DataType))];
}
