using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Reads Avro's binary encoding (Avro specification, "Binary Encoding") from bytes that are all there. Whatever would reach past their end is an error.</summary>
/// <param name="key">The record's key where it is kept apart from the record: see <see cref="KeyValue"/>.</param>
internal ref struct AvroInput(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> key = default)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly ReadOnlySpan<byte> _key = key;
    private int _at;

    public readonly ReadOnlySpan<byte> Key => _key;

    public readonly int Position => _at;

    public readonly int Remaining => _bytes.Length - _at;

    public static LakehouseException Bad(string problem) => new(LakehouseErrorKind.Corrupt, $"The Avro record is damaged: {problem}");

    /// <summary>A zigzag varint: Avro's int, long, lengths, counts and union branches.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long ReadLong()
    {
        if ((uint)_at < (uint)_bytes.Length)
        {
            uint first = _bytes[_at];
            if (first < 0x80)
            {
                _at++;
                return (int)(first >> 1) ^ -(int)(first & 1);
            }
        }

        return ReadLongVarint();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ReadInt()
    {
        long value = ReadLong();
        return value == (int)value ? (int)value : throw Bad($"an int is {value}");
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool ReadBoolean() => ReadFixed(1)[0] switch
    {
        0 => false,
        1 => true,
        var other => throw Bad($"a boolean is {other}"),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float ReadFloat() => BinaryPrimitives.ReadSingleLittleEndian(ReadFixed(sizeof(float)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public double ReadDouble() => BinaryPrimitives.ReadDoubleLittleEndian(ReadFixed(sizeof(double)));

    /// <summary>Bytes or text with their length before them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadBytes()
    {
        long length = ReadLong();
        if ((ulong)length > (ulong)(_bytes.Length - _at))
        {
            ThrowTooLong(length);
        }

        var value = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return value;
    }

    /// <summary>The same, into a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReadBytes(BytesBuilder column)
    {
        var value = ReadBytes();
        column.Append(value, value.Length + _bytes.Length - _at);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> ReadFixed(int length)
    {
        if (length > _bytes.Length - _at)
        {
            ThrowTooLong(length);
        }

        var value = _bytes.Slice(_at, length);
        _at += length;
        return value;
    }

    /// <summary>
    /// The number of items in the next block of an array or map, 0 at its end. An item without bytes (an empty record) is taken for one byte, so that no count is believed that
    /// the bytes cannot hold.
    /// </summary>
    public int ReadBlockCount()
    {
        long count = ReadLong();
        if (count < 0)
        {
            // A negative count is followed by the block's length in bytes.
            count = -count;
            ReadLong();
        }

        return count >= 0 && count <= Remaining ? (int)count : throw Bad($"an array of {count} items is followed by {Remaining} bytes");
    }

    /// <summary>Skips an array or map block by its length where the writer gave one; otherwise the number of items that must be skipped one by one.</summary>
    public int SkipBlock(out bool end)
    {
        long count = ReadLong();
        end = count == 0;
        if (count < 0)
        {
            long length = ReadLong();
            ReadFixed(length >= 0 && length <= Remaining ? (int)length : throw Bad($"an array block of {length} bytes is followed by {Remaining}"));
            return 0;
        }

        return count <= Remaining ? (int)count : throw Bad($"an array of {count} items is followed by {Remaining} bytes");
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private long ReadLongVarint()
    {
        if (Bmi2.X64.IsSupported && Remaining >= sizeof(ulong))
        {
            // The first byte without its high bit is the last one.
            ulong bytes = BinaryPrimitives.ReadUInt64LittleEndian(_bytes[_at..]);
            ulong ends = ~bytes & 0x8080_8080_8080_8080;
            if (ends != 0)
            {
                _at += (BitOperations.TrailingZeroCount(ends) + 1) / 8;
                ulong number = Bmi2.X64.ParallelBitExtract(bytes & (ends ^ (ends - 1)), 0x7F7F_7F7F_7F7F_7F7F);
                return (long)(number >> 1) ^ -(long)(number & 1);
            }
        }

        ulong value = 0;
        int at = _at;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (at >= _bytes.Length)
            {
                throw Bad("it ends within a number");
            }

            byte next = _bytes[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                _at = at;
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw Bad("a number has more than ten bytes");
    }

    private readonly void ThrowTooLong(long length) => throw Bad($"a value of {length} bytes is followed by {_bytes.Length - _at}");
}
