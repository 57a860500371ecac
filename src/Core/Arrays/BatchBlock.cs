using System.Buffers;
using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>
/// A batch as one block of bytes, for spilling: per array its length, null count and buffers, each with its length in front and padded to 8 bytes; children and dictionaries follow.
/// The schema is not in it, nor is the layout meant to last: it is read back by the process that wrote it.
/// </summary>
internal static class BatchBlock
{
    public static void Write(RecordBatch batch, ArrayBufferWriter<byte> target)
    {
        WriteNumber(target, batch.Length);
        for (int i = 0; i < batch.ColumnCount; i++)
        {
            Write(Unsliced(batch.Column(i).Data), target);
        }
    }

    /// <summary>The arrays share the block's memory.</summary>
    public static RecordBatch Read(Schema schema, ReadOnlyMemory<byte> block)
    {
        int rows = ReadNumber(ref block);
        var columns = new IArrowArray[schema.FieldsList.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            columns[i] = ArrowArrayFactory.BuildArray(Read(schema.FieldsList[i].DataType, ref block));
        }

        return new RecordBatch(schema, columns, rows);
    }

    private static ArrayData Unsliced(ArrayData data) => IsSliced(data) ? Kernels.Compact(ArrowArrayFactory.BuildArray(data)).Data : data;

    private static bool IsSliced(ArrayData data) => data.Offset != 0 || (data.Children is not null && System.Array.Exists(data.Children, IsSliced)) || (data.Dictionary is not null && IsSliced(data.Dictionary));

    private static void Write(ArrayData data, ArrayBufferWriter<byte> target)
    {
        WriteNumber(target, data.Length);
        WriteNumber(target, data.GetNullCount());
        for (int b = 0; b < (data.Buffers?.Length ?? 0); b++)
        {
            var bytes = data.Buffers![b].Span;
            bytes = b == 0 && data.NullCount == 0 ? default : bytes[..(int)Math.Min(bytes.Length, Needed(data, b))];
            WriteNumber(target, bytes.Length);
            int padded = (bytes.Length + 7) & ~7;
            var space = target.GetSpan(padded)[..padded];
            bytes.CopyTo(space);
            space[bytes.Length..].Clear();
            target.Advance(padded);
        }

        foreach (var child in data.Children ?? [])
        {
            Write(child, target);
        }

        if (data.Dictionary is { } dictionary)
        {
            Write(dictionary, target);
        }
    }

    private static ArrayData Read(IArrowType type, ref ReadOnlyMemory<byte> block)
    {
        var empty = Kernels.Empty(type);
        int length = ReadNumber(ref block);
        int nulls = ReadNumber(ref block);
        var buffers = new ArrowBuffer[empty.Buffers.Length];
        for (int b = 0; b < buffers.Length; b++)
        {
            int bytes = ReadNumber(ref block);
            buffers[b] = bytes == 0 ? ArrowBuffer.Empty : new ArrowBuffer(block[..bytes]);
            block = block[((bytes + 7) & ~7)..];
        }

        var children = new ArrayData[empty.Children.Length];
        for (int c = 0; c < children.Length; c++)
        {
            children[c] = Read(empty.Children[c].DataType, ref block);
        }

        return new ArrayData(type, length, nulls, 0, buffers, children, empty.Dictionary is null ? null : Read(empty.Dictionary.DataType, ref block));
    }

    /// <summary>How many bytes of a buffer the array uses; writers leave room behind them.</summary>
    private static long Needed(ArrayData data, int buffer) => (buffer, data.DataType) switch
    {
        (0, _) or (1, BooleanType) => Buffers.BitmapBytes(data.Length),
        (1, StringType or BinaryType or ListType or MapType) => (data.Length + 1L) * 4,
        (1, LargeStringType or LargeBinaryType or LargeListType) => (data.Length + 1L) * 8,
        (1, DictionaryType d) => (long)data.Length * ((FixedWidthType)d.IndexType).BitWidth / 8,
        (1, FixedWidthType f) => (long)data.Length * f.BitWidth / 8,
        (2, _) when data.Length > 0 => ArrayValue.Range(data, data.Length - 1) is var last ? (long)last.Start + last.Length : 0,
        _ => 0,
    };

    private static void WriteNumber(ArrayBufferWriter<byte> target, int number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target.GetSpan(8), number);
        target.Advance(8);
    }

    private static int ReadNumber(ref ReadOnlyMemory<byte> block)
    {
        int number = (int)BinaryPrimitives.ReadInt64LittleEndian(block.Span);
        block = block[8..];
        return number;
    }
}
