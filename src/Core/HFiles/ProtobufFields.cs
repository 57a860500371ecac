namespace OllaLab.Lakehouse.HFiles;

/// <summary>The fields of a protobuf message one after the other: numbers as <see cref="Number"/>, bytes as <see cref="Bytes"/>.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message, string path)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The field's number.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, if it is a number; otherwise 0.</summary>
    public long Number { get; private set; }

    /// <summary>Its value, if it is text, bytes or a message; otherwise empty.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Reads a length; false where it is not all there or too great.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> bytes, out int length, out int used)
    {
        ulong value = 0;
        for (used = 0; used < Math.Min(bytes.Length, 1 + sizeof(int));)
        {
            byte next = bytes[used];
            value |= (ulong)(next & 0x7F) << (7 * used++);
            if (next < 0x80)
            {
                length = (int)Math.Min(value, int.MaxValue);
                return value <= int.MaxValue;
            }
        }

        length = 0;
        return false;
    }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = ReadVarint();
        Field = (int)Math.Min(key >> 3, int.MaxValue);
        Number = 0;
        Bytes = default;
        switch (key & 7)
        {
            case 0:
                Number = (long)ReadVarint();
                break;
            case 1:
                Skip(sizeof(long));
                break;
            case 2:
                Bytes = ReadBytes();
                break;
            case 5:
                Skip(sizeof(int));
                break;
            case var type:
                throw HFile.Damaged(path, $"a message in it has a field of the unknown wire type {type}");
        }

        return true;
    }

    /// <summary>Bytes with their length before them.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        ulong length = ReadVarint();
        if (length > (ulong)_rest.Length)
        {
            throw HFile.Damaged(path, $"a message in it has a field of {length} bytes where there are {_rest.Length}");
        }

        return Skip((int)length);
    }

    private ReadOnlySpan<byte> Skip(int length)
    {
        if (length > _rest.Length)
        {
            throw HFile.Damaged(path, "a message in it ends within a field");
        }

        var skipped = _rest[..length];
        _rest = _rest[length..];
        return skipped;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < 10; i++)
        {
            byte next = Skip(1)[0];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return value;
            }
        }

        throw HFile.Damaged(path, "a message in it has a number of more than ten bytes");
    }
}
