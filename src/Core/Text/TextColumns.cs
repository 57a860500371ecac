using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>How each Arrow type is read from text.</summary>
internal static class TextColumns
{
    public static TextColumn Create(IArrowType type, bool nullable, ColumnBuilder builder)
    {
        var name = TypeNames.Describe(type);
        return type switch
        {
            BooleanType => new BooleanColumn((BooleanBuilder)builder, nullable),
            Int8Type => new IntegerColumn<sbyte>((FixedWidthBuilder<sbyte>)builder, name, nullable),
            Int16Type => new IntegerColumn<short>((FixedWidthBuilder<short>)builder, name, nullable),
            Int32Type => new IntegerColumn<int>((FixedWidthBuilder<int>)builder, name, nullable),
            Int64Type => new IntegerColumn<long>((FixedWidthBuilder<long>)builder, name, nullable),
            UInt8Type => new IntegerColumn<byte>((FixedWidthBuilder<byte>)builder, name, nullable),
            UInt16Type => new IntegerColumn<ushort>((FixedWidthBuilder<ushort>)builder, name, nullable),
            UInt32Type => new IntegerColumn<uint>((FixedWidthBuilder<uint>)builder, name, nullable),
            UInt64Type => new IntegerColumn<ulong>((FixedWidthBuilder<ulong>)builder, name, nullable),
            FloatType => new FloatColumn<float>((FixedWidthBuilder<float>)builder, name, nullable),
            DoubleType => new FloatColumn<double>((FixedWidthBuilder<double>)builder, name, nullable),
            StringType => new StringColumn((BytesBuilder)builder, nullable),
            BinaryType => new BinaryColumn((BytesBuilder)builder, nullable),
            Decimal128Type d => new DecimalColumn((FixedBytesBuilder)builder, d.Precision, d.Scale, name, nullable),
            Decimal256Type d => new DecimalColumn((FixedBytesBuilder)builder, d.Precision, d.Scale, name, nullable),
            FixedSizeBinaryType => new FixedBinaryColumn((FixedBytesBuilder)builder, nullable),
            Date32Type or Date64Type => new DateColumn(builder, nullable),
            Time32Type t => new TimeColumn(builder, t.Unit, nullable),
            Time64Type t => new TimeColumn(builder, t.Unit, nullable),
            TimestampType t => new TimestampColumn((FixedWidthBuilder<long>)builder, t.Unit, t.Timezone is null, nullable),
            MapType m => new MapColumn((ListBuilder)builder, m, name, nullable),
            ListType l => new ListColumn((ListBuilder)builder, l.ValueField, name, nullable),
            StructType s => new StructColumn((StructBuilder)builder, s, name, nullable),
            _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"A column of type {name} cannot be read from text"),
        };
    }
}
