using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OllaLab.Lakehouse.Arrays;

/// <summary>The indexes of dictionary-encoded arrays, in any of the integer types that Arrow allows for them.</summary>
internal static class DictionaryIndex
{
    /// <summary>The entry that a row refers to; -1 where the row is null.</summary>
    public static int Read(ArrayData data, int row)
    {
        int at = data.Offset + row;
        if (!data.Buffers[0].IsEmpty && !Bits.Get(data.Buffers[0].Span, at))
        {
            return -1;
        }

        var bytes = data.Buffers[1].Span;
        long index = ((DictionaryType)data.DataType).IndexType.TypeId switch
        {
            ArrowTypeId.Int8 => (sbyte)bytes[at],
            ArrowTypeId.UInt8 => bytes[at],
            ArrowTypeId.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes[(at * 2)..]),
            ArrowTypeId.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes[(at * 2)..]),
            ArrowTypeId.Int32 => MemoryMarshal.Cast<byte, int>(bytes)[at],
            ArrowTypeId.UInt32 => MemoryMarshal.Cast<byte, uint>(bytes)[at],
            ArrowTypeId.Int64 or ArrowTypeId.UInt64 => MemoryMarshal.Cast<byte, long>(bytes)[at],
            _ => throw Corrupt.Unsupported(data.DataType),
        };
        return index >= 0 && index < data.Dictionary.Length ? (int)index : throw Corrupt.Array(data, "an index outside its dictionary");
    }

    /// <summary>Indexes in the type's own width; too many entries for it are refused.</summary>
    public static ArrowBuffer Write(ReadOnlySpan<int> indexes, int entries, DictionaryType type)
    {
        int width = ((FixedWidthType)type.IndexType).BitWidth / 8;
        bool signed = type.IndexType.TypeId is ArrowTypeId.Int8 or ArrowTypeId.Int16 or ArrowTypeId.Int32 or ArrowTypeId.Int64;
        if (width < 4 && entries > 1 << ((8 * width) - (signed ? 1 : 0)))
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, $"A dictionary of {entries} entries does not fit indexes of {width} bytes", remedy: "Encode the column with 32-bit indexes");
        }

        var bytes = Buffers.AllocateZeroed((long)indexes.Length * width);
        for (int i = 0; i < indexes.Length; i++)
        {
            for (int b = 0; b < Math.Min(width, 4); b++)
            {
                bytes[(i * width) + b] = (byte)(indexes[i] >> (8 * b));
            }
        }

        return Buffers.ToArrow(bytes);
    }
}
