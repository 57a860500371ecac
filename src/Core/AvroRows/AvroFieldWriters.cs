using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>How each Avro type is written from the column that <see cref="AvroToArrow"/> gives it.</summary>
internal static class AvroFieldWriters
{
    /// <param name="data">The column's array, which may be a slice or dictionary-encoded.</param>
    /// <exception cref="LakehouseException">InvalidInput: the array has another type than the schema asks for.</exception>
    public static AvroFieldWriter Create(AvroType type, ArrayData data, string column)
    {
        if (data.Dictionary is not null)
        {
            data = Kernels.Decode(data);
        }

        var wanted = AvroToArrow.Field(column, type, column).DataType;
        if (!ArrowTypes.Same(wanted, data.DataType))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The column {column} has the type {ArrowTypes.Text(data.DataType)}, but the schema has {ArrowTypes.Text(wanted)}");
        }

        return type.Kind switch
        {
            AvroKind.Boolean => new BooleanWriter(type, data, column),
            AvroKind.Int or AvroKind.Date or AvroKind.TimeMillis => new IntWriter(type, data, column),
            AvroKind.Float => new FloatWriter(type, data, column),
            AvroKind.Double => new DoubleWriter(type, data, column),
            AvroKind.String or AvroKind.Uuid or AvroKind.Bytes => new BytesWriter(type, data, column),
            AvroKind.Enum => new EnumWriter(type, data, column),
            AvroKind.Fixed => new FixedWriter(type, data, column),
            AvroKind.Decimal => new DecimalWriter(type, data, column),
            AvroKind.Array => new ListWriter(type, data, column),
            AvroKind.Map => new MapWriter(type, data, column),
            AvroKind.Record => new RecordWriter(type, data, column),
            _ => new LongWriter(type, data, column),
        };
    }
}
