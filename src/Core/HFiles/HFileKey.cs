using System.Buffers;
using System.Buffers.Binary;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>
/// Cells and their keys as Hudi writes them: the row, which is Hudi's key, with two bytes of length; then HBase's column family (its length, 0), time (Long.MAX_VALUE) and type (4, a put).
/// </summary>
internal static class HFileKey
{
    /// <summary>Bytes of a row's length.</summary>
    public const int RowPrefix = sizeof(short);

    private const int Suffix = 1 + sizeof(long) + 1;

    private static ReadOnlySpan<byte> SuffixBytes => [0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 4];

    /// <summary>Bytes of a cell's key.</summary>
    public static int Length(int row) => RowPrefix + row + Suffix;

    /// <summary>Bytes of a cell without its value: two lengths, the key, and HBase's MVCC version.</summary>
    public static int CellLength(int row) => (2 * sizeof(int)) + Length(row) + 1;

    public static byte[] Full(ReadOnlySpan<byte> row)
    {
        var key = new byte[Length(row.Length)];
        Write(key, row);
        return key;
    }

    /// <summary>The row of a key, with or without what HBase has after it.</summary>
    public static ReadOnlySpan<byte> Row(ReadOnlySpan<byte> key, string path)
    {
        int row = key.Length < RowPrefix ? -1 : BinaryPrimitives.ReadUInt16BigEndian(key);
        return row >= 0 && row <= key.Length - RowPrefix ? key.Slice(RowPrefix, row) : throw HFile.Damaged(path, $"a key of {key.Length} bytes holds a row of {row}");
    }

    public static void WriteCell(ArrayBufferWriter<byte> target, ReadOnlySpan<byte> row, ReadOnlySpan<byte> value)
    {
        int key = Length(row.Length);
        int length = checked(CellLength(row.Length) + value.Length);
        var cell = target.GetSpan(length);
        BinaryPrimitives.WriteInt32BigEndian(cell, key);
        BinaryPrimitives.WriteInt32BigEndian(cell[sizeof(int)..], value.Length);
        Write(cell[(2 * sizeof(int))..], row);
        value.CopyTo(cell[((2 * sizeof(int)) + key)..]);
        cell[length - 1] = 0;
        target.Advance(length);
    }

    public static void Write(Span<byte> target, ReadOnlySpan<byte> row)
    {
        BinaryPrimitives.WriteInt16BigEndian(target, (short)row.Length);
        row.CopyTo(target[RowPrefix..]);
        SuffixBytes.CopyTo(target[(RowPrefix + row.Length)..]);
    }
}
