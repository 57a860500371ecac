using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>How much memory rows take, for accounting: what a compact copy of them would take, so that slices of one large batch do not count it again and again.</summary>
internal static class ArrowSize
{
    /// <summary>Bytes of all columns.</summary>
    public static long Bytes(RecordBatch batch)
    {
        long bytes = 0;
        for (int i = 0; i < batch.ColumnCount; i++)
        {
            bytes += Bytes(batch.Column(i).Data, 0, batch.Length);
        }

        return bytes;
    }

    /// <summary>Bytes of one column.</summary>
    public static long Bytes(IArrowArray array) => Bytes(array.Data, 0, array.Length);

    private static long Bytes(ArrayData data, int start, int length)
    {
        if (length == 0 || data.DataType.TypeId == ArrowTypeId.Null)
        {
            return 0;
        }

        long bitmap = data.Buffers[0].IsEmpty ? 0 : Buffers.BitmapBytes(length);
        return bitmap + data.DataType switch
        {
            DictionaryType d => ((long)length * ((FixedWidthType)d.IndexType).BitWidth / 8) + Bytes(data.Dictionary, 0, data.Dictionary.Length),
            BooleanType => Buffers.BitmapBytes(length),
            FixedSizeListType l => Bytes(data.Children[0], (data.Offset + start) * l.ListSize, length * l.ListSize),
            FixedWidthType f => (long)length * f.BitWidth / 8,
            StringType or BinaryType => (4L * length) + Range(data, start, length).Length,
            LargeStringType or LargeBinaryType => (8L * length) + Range(data, start, length).Length,
            ListType or MapType or LargeListType => Range(data, start, length) is var range ? (4L * length) + Bytes(data.Children[0], range.Start, range.Length) : 0,
            StructType => data.Children.Sum(c => Bytes(c, data.Offset + start, length)),
            _ => data.Buffers.Sum(b => (long)b.Length),
        };
    }

    private static (int Start, int Length) Range(ArrayData data, int start, int length)
    {
        int from = ArrayValue.Range(data, start).Start;
        var (last, count) = ArrayValue.Range(data, start + length - 1);
        return (from, last + count - from);
    }
}
