using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>How each Avro type is read into the column that <see cref="AvroToArrow"/> gives it.</summary>
internal static class AvroColumns
{
    public static AvroColumn Create(AvroType type, ColumnBuilder builder) => type.Kind switch
    {
        AvroKind.Boolean => new BooleanColumn(type, (BooleanBuilder)builder),
        AvroKind.Int or AvroKind.Date or AvroKind.TimeMillis => new IntColumn(type, (FixedWidthBuilder<int>)builder),
        AvroKind.Float => new FloatColumn(type, (FixedWidthBuilder<float>)builder),
        AvroKind.Double => new DoubleColumn(type, (FixedWidthBuilder<double>)builder),
        AvroKind.String or AvroKind.Uuid or AvroKind.Bytes => new BytesColumn(type, (BytesBuilder)builder),
        AvroKind.Enum => new EnumColumn(type, (BytesBuilder)builder),
        AvroKind.Fixed => new FixedColumn(type, (FixedBytesBuilder)builder),
        AvroKind.Decimal => new DecimalColumn(type, (FixedBytesBuilder)builder),
        AvroKind.Array => new ListColumn(type, (ListBuilder)builder),
        AvroKind.Map => new MapColumn(type, (ListBuilder)builder),
        AvroKind.Record => new RecordColumn(type, (StructBuilder)builder),
        _ => new LongColumn(type, (FixedWidthBuilder<long>)builder),
    };
}
