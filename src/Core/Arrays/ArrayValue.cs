using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>Raw access to one value of an array, below Arrow's typed arrays.</summary>
internal static class ArrayValue
{
    public static bool IsNull(ArrayData data, int row) =>
        data.DataType.TypeId == ArrowTypeId.Null || (!data.Buffers[0].IsEmpty && data.NullCount != 0 && !Bits.Get(data.Buffers[0].Span, data.Offset + row));

    /// <summary>A value of a fixed-width type.</summary>
    public static T Fixed<T>(ArrayData data, int row)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(data.Buffers[1].Span)[data.Offset + row];

    /// <summary>The bytes of a value of a fixed-width type.</summary>
    public static ReadOnlySpan<byte> FixedBytes(ArrayData data, int row, int width) => data.Buffers[1].Span.Slice((data.Offset + row) * width, width);

    /// <summary>The bytes of a string or binary value.</summary>
    public static ReadOnlySpan<byte> Bytes(ArrayData data, int row)
    {
        var (start, length) = Range(data, row);
        return data.Buffers[2].Span.Slice(start, length);
    }

    /// <summary>Where a string's bytes or a list's items are.</summary>
    public static (int Start, int Length) Range(ArrayData data, int row)
    {
        int at = data.Offset + row;
        if (data.DataType.TypeId is ArrowTypeId.LargeString or ArrowTypeId.LargeBinary or ArrowTypeId.LargeList)
        {
            var large = MemoryMarshal.Cast<byte, long>(data.Buffers[1].Span);
            return (checked((int)large[at]), checked((int)(large[at + 1] - large[at])));
        }

        if (data.DataType is FixedSizeListType { ListSize: var size })
        {
            return (at * size, size);
        }

        var offsets = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
        return (offsets[at], offsets[at + 1] - offsets[at]);
    }

    /// <summary>A decimal's unscaled number, for any width up to 32 bytes.</summary>
    public static BigInteger Decimal(ArrayData data, int row, int width) => new(FixedBytes(data, row, width));

    /// <summary>Follows a dictionary index: the array and row where the value is; row -1 for null.</summary>
    public static (ArrayData Data, int Row) Resolve(ArrayData data, int row) =>
        data.Dictionary is null ? (data, row) : (data.Dictionary, DictionaryIndex.Read(data, row));

    public static Int128 Decimal128(ArrayData data, int row) => BinaryPrimitives.ReadInt128LittleEndian(FixedBytes(data, row, 16));
}
