using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// Gives what a reader delivered the type that <see cref="ParquetToArrow"/> says the file has: other names of list items, text annotated as ENUM, timestamps of INT96,
/// 64-bit offsets that an embedded Arrow schema asks for. Buffers are shared wherever the layouts agree.
/// </summary>
internal static class ArrowConform
{
    /// <summary>A batch with the wanted fields, which takes over the buffers of the given one: only the answer is to be disposed.</summary>
    public static RecordBatch Conform(RecordBatch batch, Schema wanted, string path)
    {
        var columns = new IArrowArray[wanted.FieldsList.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            var field = wanted.FieldsList[i];
            columns[i] = ArrowArrayFactory.BuildArray(Conform(batch.Column(i).Data, field.DataType, field.Name, path));
        }

        return new RecordBatch(wanted, columns, batch.Length);
    }

    private static ArrayData Conform(ArrayData data, IArrowType wanted, string column, string path)
    {
        switch (data.DataType.TypeId, wanted.TypeId)
        {
            case (ArrowTypeId.LargeString or ArrowTypeId.LargeBinary, ArrowTypeId.String or ArrowTypeId.Binary):
                return Narrow(data, wanted);
            case (ArrowTypeId.Binary or ArrowTypeId.String, ArrowTypeId.String or ArrowTypeId.Binary):
                return Relabel(data, wanted, data.Children);
        }

        return SameLayout(data.DataType, wanted)
            ? Relabel(data, wanted, ConformChildren(data, wanted, column, path))
            : throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"Column '{column}' reads as {data.DataType.Name} where its Parquet type is {wanted.Name}",
                path: path,
                remedy: "Rewrite the file without an embedded Arrow schema (the key ARROW:schema)");
    }

    private static bool SameLayout(IArrowType a, IArrowType b) => a.TypeId == b.TypeId && (a, b) switch
    {
        (TimestampType x, TimestampType y) => x.Unit == y.Unit,
        (Time32Type x, Time32Type y) => x.Unit == y.Unit,
        (Time64Type x, Time64Type y) => x.Unit == y.Unit,
        (Decimal128Type x, Decimal128Type y) => x.Scale == y.Scale,
        (FixedSizeBinaryType x, FixedSizeBinaryType y) => x.ByteWidth == y.ByteWidth,
        (StructType x, StructType y) => x.Fields.Count == y.Fields.Count,
        _ => true,
    };

    private static ArrayData[]? ConformChildren(ArrayData data, IArrowType wanted, string column, string path)
    {
        switch (wanted)
        {
            case StructType type:
                var fields = new ArrayData[type.Fields.Count];
                for (int i = 0; i < fields.Length; i++)
                {
                    fields[i] = Conform(data.Children[i], type.Fields[i].DataType, $"{column}.{type.Fields[i].Name}", path);
                }

                return fields;
            case MapType type:
                return [Conform(data.Children[0], type.KeyValueType, column, path)];
            case ListType type:
                return [Conform(data.Children[0], type.ValueDataType, $"{column}.{type.ValueField.Name}", path)];
            default:
                return data.Children;
        }
    }

    private static ArrayData Relabel(ArrayData data, IArrowType wanted, ArrayData[]? children) =>
        new(wanted, data.Length, data.NullCount, data.Offset, data.Buffers, children, data.Dictionary);

    /// <summary>Offsets of 64 bits to 32. A batch's texts are far from 2 GiB; the array's offset stays, since the validity bits are under it too.</summary>
    private static ArrayData Narrow(ArrayData data, IArrowType wanted)
    {
        var wide = MemoryMarshal.Cast<byte, long>(data.Buffers[1].Span).Slice(0, data.Offset + data.Length + 1);
        byte[] bytes = new byte[sizeof(int) * wide.Length];
        var narrow = MemoryMarshal.Cast<byte, int>(bytes.AsSpan());
        for (int i = 0; i < wide.Length; i++)
        {
            narrow[i] = checked((int)wide[i]);
        }

        var offsets = data.Buffers[1];
        var result = new ArrayData(wanted, data.Length, data.NullCount, data.Offset, [data.Buffers[0], new ArrowBuffer(bytes), data.Buffers[2]]);
        offsets.Dispose();
        return result;
    }
}
