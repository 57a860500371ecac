using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Writes Avro's binary encoding into memory that grows. Dispose gives the memory back.</summary>
internal sealed class AvroOutput : IDisposable
{
    /// <summary>Longest encoding of a number.</summary>
    private const int MostNumberBytes = 10;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(4096);
    private int _length;

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    /// <summary>Forgets what is written, so that something else can be.</summary>
    public void Reset() => _length = 0;

    /// <summary>Room for so many bytes, which count as written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Grow(count);
        }

        var room = _bytes.AsSpan(_length, count);
        _length += count;
        return room;
    }

    /// <summary>A zigzag varint.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteLong(long value)
    {
        if (_bytes.Length - _length < MostNumberBytes)
        {
            Grow(MostNumberBytes);
        }

        ulong rest = (ulong)((value << 1) ^ (value >> 63));
        for (; rest >= 0x80; rest >>= 7)
        {
            _bytes[_length++] = (byte)(rest | 0x80);
        }

        _bytes[_length++] = (byte)rest;
    }

    public void WriteByte(byte value) => Reserve(1)[0] = value;

    public void WriteFloat(float value) => BinaryPrimitives.WriteSingleLittleEndian(Reserve(sizeof(float)), value);

    public void WriteDouble(double value) => BinaryPrimitives.WriteDoubleLittleEndian(Reserve(sizeof(double)), value);

    /// <summary>Bytes or text with their length before them.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        WriteLong(value.Length);
        value.CopyTo(Reserve(value.Length));
    }

    public void WriteFixed(ReadOnlySpan<byte> value) => value.CopyTo(Reserve(value.Length));

    /// <summary>A big-endian int, as around Avro records in log blocks.</summary>
    public void WriteInt32BigEndian(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), value);

    /// <summary>Sets a long that was reserved earlier.</summary>
    public void SetInt64BigEndian(int position, long value) => BinaryPrimitives.WriteInt64BigEndian(_bytes.AsSpan(position), value);

    /// <summary>Sets an int that was reserved earlier.</summary>
    public void SetInt32BigEndian(int position, int value) => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(position), value);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _length = 0;
    }

    private void Grow(int count)
    {
        long wanted = (long)_length + count;
        if (wanted > Array.MaxLength)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "One log block would have more than 2 GiB", remedy: "Write fewer rows at a time");
        }

        byte[] grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max(wanted, _bytes.Length * 2L)));
        _bytes.AsSpan(0, _length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }
}
