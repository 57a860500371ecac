using System.Buffers;
using System.Text;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>Writes the Thrift compact protocol. Fields of a struct are given in ascending order of their numbers, where the format's short form holds.</summary>
internal sealed class ThriftWriter
{
    private readonly ArrayBufferWriter<byte> _buffer;
    private short _lastField;

    public ThriftWriter(int capacity = 1024) => _buffer = new ArrayBufferWriter<byte>(capacity);

    public ReadOnlyMemory<byte> Written => _buffer.WrittenMemory;

    /// <summary>Enters a struct; the answer is to be given back to <see cref="EndStruct"/>.</summary>
    public short BeginStruct()
    {
        short outer = _lastField;
        _lastField = 0;
        return outer;
    }

    public void EndStruct(short outer)
    {
        Byte(0);
        _lastField = outer;
    }

    public void Field(short id, ThriftType type)
    {
        int delta = id - _lastField;
        if (delta is > 0 and <= 15)
        {
            Byte((byte)((delta << 4) | (int)type));
        }
        else
        {
            Byte((byte)type);
            ZigZag(id);
        }

        _lastField = id;
    }

    public void I32(short id, int? value) => Number(id, ThriftType.I32, value);

    public void I16(short id, int? value) => Number(id, ThriftType.I16, value);

    public void I64(short id, long? value) => Number(id, ThriftType.I64, value);

    public void Bool(short id, bool? value)
    {
        if (value is { } held)
        {
            Field(id, held ? ThriftType.True : ThriftType.False);
        }
    }

    public void I8(short id, sbyte value)
    {
        Field(id, ThriftType.Byte);
        Byte((byte)value);
    }

    public void Binary(short id, ReadOnlyMemory<byte>? value)
    {
        if (value is { } held)
        {
            Field(id, ThriftType.Binary);
            Binary(held.Span);
        }
    }

    public void Text(short id, string? value)
    {
        if (value is not null)
        {
            Field(id, ThriftType.Binary);
            Text(value);
        }
    }

    public void Text(string value) => Binary(Encoding.UTF8.GetBytes(value));

    public void EmptyStruct(short id)
    {
        Field(id, ThriftType.Struct);
        Byte(0);
    }

    public void List(short id, ThriftType element, int size)
    {
        Field(id, ThriftType.List);
        if (size < 15)
        {
            Byte((byte)((size << 4) | (int)element));
        }
        else
        {
            Byte((byte)(0xF0 | (int)element));
            Varint((ulong)size);
        }
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void ZigZag(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    private void Number(short id, ThriftType type, long? value)
    {
        if (value is { } held)
        {
            Field(id, type);
            ZigZag(held);
        }
    }

    private void Binary(ReadOnlySpan<byte> value)
    {
        Varint((ulong)value.Length);
        _buffer.Write(value);
    }

    private void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    private void Varint(ulong value)
    {
        var span = _buffer.GetSpan(10);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }
}
