using System.Text;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// Reads the Thrift compact protocol from untrusted bytes. Binary values are slices of the source. No length is believed before it is held against what remains,
/// and whatever is wrong is a <see cref="LakehouseException"/> of kind <see cref="LakehouseErrorKind.Corrupt"/>.
/// </summary>
internal ref struct ThriftReader
{
    /// <summary>Deeper nesting than any Parquet structure has is an attack on the stack.</summary>
    private const int MaxDepth = 32;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadOnlySpan<byte> _span;
    private readonly string? _path;
    private int _position;
    private int _depth;
    private short _lastField;

    public ThriftReader(ReadOnlyMemory<byte> memory, string? path)
    {
        _memory = memory;
        _span = memory.Span;
        _path = path;
    }

    public readonly int Position => _position;

    public readonly string? Path => _path;

    private readonly int Remaining => _span.Length - _position;

    public readonly LakehouseException Corrupt(string problem) =>
        new(LakehouseErrorKind.Corrupt, $"The Parquet metadata are damaged: {problem} at byte {_position} of {_span.Length}", path: _path);

    /// <summary>Enters a struct; the answer is to be given back to <see cref="EndStruct"/>.</summary>
    public short BeginStruct()
    {
        if (++_depth > MaxDepth)
        {
            throw Corrupt("structures are nested too deeply");
        }

        short outer = _lastField;
        _lastField = 0;
        return outer;
    }

    public void EndStruct(short outer)
    {
        _depth--;
        _lastField = outer;
    }

    /// <summary>The next field's header; false at the end of the struct.</summary>
    public bool NextField(out short id, out ThriftType type)
    {
        byte header = ReadByte();
        type = (ThriftType)(header & 0x0F);
        id = 0;
        if (header == 0)
        {
            return false;
        }

        if (type is ThriftType.Stop or > ThriftType.Uuid)
        {
            throw Corrupt($"there is no field type {(int)type}");
        }

        int delta = header >> 4;
        int next = delta == 0 ? (int)ReadZigZag() : _lastField + delta;
        if (next is < 0 or > short.MaxValue)
        {
            throw Corrupt("a field's number is out of range");
        }

        id = _lastField = (short)next;
        return true;
    }

    public byte ReadByte() => _position < _span.Length ? _span[_position++] : throw Corrupt("they end too early");

    public int ReadI32(ThriftType type)
    {
        Expect(type is ThriftType.I32 or ThriftType.I16 or ThriftType.Byte, type);
        if (type == ThriftType.Byte)
        {
            return (sbyte)ReadByte();
        }

        long value = ReadZigZag();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Corrupt("a number has more than 32 bits");
    }

    public long ReadI64(ThriftType type)
    {
        Expect(type is ThriftType.I64 or ThriftType.I32 or ThriftType.I16, type);
        return ReadZigZag();
    }

    public readonly bool ReadBool(ThriftType type)
    {
        Expect(type is ThriftType.True or ThriftType.False, type);
        return type == ThriftType.True;
    }

    public ReadOnlyMemory<byte> ReadBinary(ThriftType type)
    {
        Expect(type == ThriftType.Binary, type);
        ulong length = ReadVarint();
        if (length > (ulong)Remaining)
        {
            throw Corrupt($"a text of {length} bytes is announced where {Remaining} remain");
        }

        var value = _memory.Slice(_position, (int)length);
        _position += (int)length;
        return value;
    }

    public string ReadString(ThriftType type) => Encoding.UTF8.GetString(ReadBinary(type).Span);

    /// <summary>Enters a list. Every element takes at least one byte, so a size beyond the rest of the input is refused.</summary>
    public int ReadList(ThriftType type, out ThriftType element)
    {
        Expect(type is ThriftType.List or ThriftType.Set, type);
        byte header = ReadByte();
        element = (ThriftType)(header & 0x0F);
        ulong size = (ulong)(header >> 4);
        if (size == 15)
        {
            size = ReadVarint();
        }

        if (size > (ulong)Remaining)
        {
            throw Corrupt($"a list of {size} elements is announced where {Remaining} bytes remain");
        }

        if (element is ThriftType.Stop or > ThriftType.Uuid && size > 0)
        {
            throw Corrupt($"there is no list element type {(int)element}");
        }

        return (int)size;
    }

    /// <summary>Enters a list of structs.</summary>
    public int ReadStructList(ThriftType type)
    {
        int size = ReadList(type, out var element);
        return size == 0 || element == ThriftType.Struct ? size : throw Corrupt("a list holds something else than structures");
    }

    /// <summary>Passes over a value; returns the bytes it took.</summary>
    public ReadOnlyMemory<byte> Skip(ThriftType type)
    {
        int start = _position;
        SkipValue(type, inList: false);
        return _memory[start.._position];
    }

    private void SkipValue(ThriftType type, bool inList)
    {
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                if (inList)
                {
                    ReadByte();
                }

                break;
            case ThriftType.Byte:
                ReadByte();
                break;
            case ThriftType.I16 or ThriftType.I32 or ThriftType.I64:
                ReadVarint();
                break;
            case ThriftType.Double:
                Advance(8);
                break;
            case ThriftType.Uuid:
                Advance(16);
                break;
            case ThriftType.Binary:
                ReadBinary(type);
                break;
            case ThriftType.List or ThriftType.Set:
                SkipList(type);
                break;
            case ThriftType.Map:
                SkipMap();
                break;
            case ThriftType.Struct:
                short outer = BeginStruct();
                while (NextField(out _, out var field))
                {
                    SkipValue(field, inList: false);
                }

                EndStruct(outer);
                break;
            default:
                throw Corrupt($"there is no type {(int)type}");
        }
    }

    private void SkipList(ThriftType type)
    {
        int size = ReadList(type, out var element);
        Descend();
        for (int i = 0; i < size; i++)
        {
            SkipValue(element, inList: true);
        }

        _depth--;
    }

    private void SkipMap()
    {
        ulong size = ReadVarint();
        if (size > (ulong)Remaining)
        {
            throw Corrupt($"a map of {size} entries is announced where {Remaining} bytes remain");
        }

        if (size == 0)
        {
            return;
        }

        byte types = ReadByte();
        Descend();
        for (ulong i = 0; i < size; i++)
        {
            SkipValue((ThriftType)(types >> 4), inList: true);
            SkipValue((ThriftType)(types & 0x0F), inList: true);
        }

        _depth--;
    }

    private void Descend()
    {
        if (++_depth > MaxDepth)
        {
            throw Corrupt("structures are nested too deeply");
        }
    }

    private void Advance(int bytes)
    {
        if (bytes > Remaining)
        {
            throw Corrupt("they end too early");
        }

        _position += bytes;
    }

    private readonly void Expect(bool holds, ThriftType type)
    {
        if (!holds)
        {
            throw Corrupt($"a field has the unexpected type {type}");
        }
    }

    private long ReadZigZag()
    {
        ulong value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Corrupt("a number has more than 64 bits");
    }
}
