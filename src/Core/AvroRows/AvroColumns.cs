using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>How each Avro type is read into the column that <see cref="AvroToArrow"/> gives it.</summary>
internal static class AvroColumns
{
    public static AvroStep Create(AvroType type, ColumnBuilder builder) => type.Kind switch
    {
        AvroKind.Boolean => Column(type, new BooleanValue((BooleanBuilder)builder), builder),
        AvroKind.Int or AvroKind.Date or AvroKind.TimeMillis => Column(type, new IntValue((FixedWidthBuilder<int>)builder), builder),
        AvroKind.Float => Column(type, new FloatValue((FixedWidthBuilder<float>)builder), builder),
        AvroKind.Double => Column(type, new DoubleValue((FixedWidthBuilder<double>)builder), builder),
        AvroKind.String or AvroKind.Uuid or AvroKind.Bytes => Column(type, new BytesValue((BytesBuilder)builder), builder),
        AvroKind.Enum => Column(type, new EnumValue(type, (BytesBuilder)builder), builder),
        AvroKind.Fixed => Column(type, new FixedValue((FixedBytesBuilder)builder), builder),
        AvroKind.Decimal => Column(type, new DecimalValue(type, (FixedBytesBuilder)builder), builder),
        AvroKind.Array => Column(type, new ListValue(type, (ListBuilder)builder), builder),
        AvroKind.Map => Column(type, new MapValue(type, (ListBuilder)builder), builder),
        AvroKind.Record => Column(type, new RecordValue(type, (StructBuilder)builder), builder),
        _ => Column(type, new LongValue((FixedWidthBuilder<long>)builder), builder),
    };

    /// <summary>The text field of records whose key is kept apart from them.</summary>
    public static AvroStep CreateKey(AvroType type, ColumnBuilder builder) => Column(type, new KeyValue((BytesBuilder)builder), builder);

    private static AvroColumn<TValue> Column<TValue>(AvroType type, TValue value, ColumnBuilder builder)
        where TValue : struct, IAvroValue => new(type, builder, value);
}
