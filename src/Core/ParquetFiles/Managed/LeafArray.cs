using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Parquet.Data;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>The Arrow array of a leaf: its values spread over its slots.</summary>
internal static class LeafArray
{
    /// <param name="defined">The least definition level of an entry that is a slot; below it there is no element of the list around.</param>
    public static ArrayData Build(LeafColumn column, IArrowType type, int defined, string path)
    {
        int[]? slots = Slots(column, defined, out byte[] validity, out int nulls, out int length, out int values);
        return (column.Raw, type) switch
        {
            (RawColumnData<bool> raw, BooleanType) => Make(Booleans(Packed(raw), slots, length)),
            (RawColumnData<int> raw, Decimal128Type) => Make(Spread(Packed(raw), slots, length, static v => (Int128)v)),
            (RawColumnData<long> raw, Decimal128Type) => Make(Spread(Packed(raw), slots, length, static v => (Int128)v)),
            (RawColumnData<ReadOnlyMemory<byte>> raw, Decimal128Type) => Make(Spread(Packed(raw), slots, length, v => Decimal(v.Span, column, path))),
            (RawColumnData<int> raw, Int8Type or UInt8Type) => Make(Spread(Packed(raw), slots, length, static v => (byte)v)),
            (RawColumnData<int> raw, Int16Type or UInt16Type) => Make(Spread(Packed(raw), slots, length, static v => (short)v)),
            (RawColumnData<int> raw, FixedWidthType { BitWidth: 32 }) => Make(Spread(Packed(raw), slots, length, static v => v)),
            (RawColumnData<long> raw, FixedWidthType { BitWidth: 64 }) => Make(Spread(Packed(raw), slots, length, static v => v)),
            (RawColumnData<float> raw, FloatType) => Make(Spread(Packed(raw), slots, length, static v => v)),
            (RawColumnData<double> raw, DoubleType) => Make(Spread(Packed(raw), slots, length, static v => v)),
            (RawColumnData<ReadOnlyMemory<byte>> raw, FixedSizeBinaryType fixedSize) => Make(Fixed(Packed(raw), slots, length, fixedSize.ByteWidth, column, path)),
            (RawColumnData<ReadOnlyMemory<byte>> raw, StringType or BinaryType) => Texts(Packed(raw)),
            _ => throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"Column '{column.Leaf.DottedPath}' is {type.Name}, which the managed Parquet reader does not read",
                path: path,
                remedy: "Use the native reader"),
        };

        ReadOnlySpan<T> Packed<T>(RawColumnData<T> raw)
            where T : struct => raw.Values.Length >= values
                ? raw.Values[..values]
                : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"Column '{column.Leaf.DottedPath}' has {raw.Values.Length} values for {values} entries", path: path);

        ArrayData Make(ArrowBuffer data) => new(type, length, nulls, 0, [nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity), data]);

        ArrayData Texts(ReadOnlySpan<ReadOnlyMemory<byte>> texts)
        {
            long total = 0;
            foreach (var text in texts)
            {
                total += text.Length;
            }

            if (total > System.Array.MaxLength)
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Unsupported, $"Column '{column.Leaf.DottedPath}' has {total} bytes in one row group, too many for the managed Parquet reader", path: path, remedy: "Use the native reader");
            }

            byte[] bytes = new byte[total];
            int[] offsets = new int[length + 1];
            int next = 0, at = 0;
            for (int slot = 0; slot < length; slot++)
            {
                offsets[slot] = at;
                if (slots is null || (next < slots.Length && slots[next] == slot))
                {
                    texts[next].Span.CopyTo(bytes.AsSpan(at));
                    at += texts[next++].Length;
                }
            }

            offsets[length] = at;
            return new ArrayData(type, length, nulls, 0, [nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(validity), ArrowAssembler.Buffer(offsets), new ArrowBuffer(bytes)]);
        }
    }

    /// <summary>The slot of each value; null where every slot has one.</summary>
    private static int[]? Slots(LeafColumn column, int defined, out byte[] validity, out int nulls, out int length, out int values)
    {
        var definitions = column.Definitions;
        int max = column.Leaf.MaxDefinition;
        values = column.Entries;
        length = column.Entries;
        nulls = 0;
        validity = [];
        if (definitions.IsEmpty)
        {
            return null;
        }

        int[] slots = new int[definitions.Length];
        validity = new byte[(definitions.Length + 7) / 8];
        length = values = 0;
        foreach (int level in definitions)
        {
            if (level == max)
            {
                validity[length >> 3] |= (byte)(1 << (length & 7));
                slots[values++] = length++;
            }
            else if (level >= defined)
            {
                length++;
                nulls++;
            }
        }

        return nulls == 0 ? null : slots[..values];
    }

    private static ArrowBuffer Spread<TFrom, TTo>(ReadOnlySpan<TFrom> values, int[]? slots, int length, Func<TFrom, TTo> convert)
        where TTo : unmanaged
    {
        byte[] bytes = new byte[length * Unsafe.SizeOf<TTo>()];
        var to = MemoryMarshal.Cast<byte, TTo>(bytes.AsSpan());
        for (int i = 0; i < values.Length; i++)
        {
            to[slots is null ? i : slots[i]] = convert(values[i]);
        }

        return new ArrowBuffer(bytes);
    }

    private static ArrowBuffer Booleans(ReadOnlySpan<bool> values, int[]? slots, int length)
    {
        byte[] bits = new byte[(length + 7) / 8];
        for (int i = 0; i < values.Length; i++)
        {
            int slot = slots is null ? i : slots[i];
            bits[slot >> 3] |= (byte)((values[i] ? 1 : 0) << (slot & 7));
        }

        return new ArrowBuffer(bits);
    }

    private static ArrowBuffer Fixed(ReadOnlySpan<ReadOnlyMemory<byte>> values, int[]? slots, int length, int width, LeafColumn column, string path)
    {
        byte[] bytes = new byte[checked(length * width)];
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i].Length != width)
            {
                throw new LakehouseException(LakehouseErrorKind.Corrupt, $"Column '{column.Leaf.DottedPath}' has a value of {values[i].Length} bytes instead of {width}", path: path);
            }

            values[i].Span.CopyTo(bytes.AsSpan((slots is null ? i : slots[i]) * width));
        }

        return new ArrowBuffer(bytes);
    }

    private static Int128 Decimal(ReadOnlySpan<byte> bigEndian, LeafColumn column, string path)
    {
        if (bigEndian.Length is > 0 and <= 16)
        {
            Int128 value = (sbyte)bigEndian[0];
            foreach (byte next in bigEndian[1..])
            {
                value = (value << 8) | next;
            }

            return value;
        }

        var number = new BigInteger(bigEndian, isUnsigned: false, isBigEndian: true);
        return number >= Int128.MinValue && number <= Int128.MaxValue
            ? (Int128)number
            : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"Column '{column.Leaf.DottedPath}' has a decimal of more than 128 bits", path: path);
    }
}
