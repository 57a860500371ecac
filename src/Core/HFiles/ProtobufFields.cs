namespace OllaLab.Lakehouse.HFiles;

/// <summary>The fields of a protobuf message one after the other: numbers as <see cref="Number"/>, everything else passed over.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message, string path)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The field's number.</summary>
    public int Field { get; private set; }

    /// <summary>Its value, if it is a number; otherwise 0.</summary>
    public long Number { get; private set; }

    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong key = ReadVarint();
        Field = (int)Math.Min(key >> 3, int.MaxValue);
        Number = 0;
        switch (key & 7)
        {
            case 0:
                Number = (long)ReadVarint();
                break;
            case 1:
                Skip(sizeof(long));
                break;
            case 2:
                ReadBytes();
                break;
            case 5:
                Skip(sizeof(int));
                break;
            case var type:
                throw HFile.Damaged(path, $"its trailer has a field of the unknown wire type {type}");
        }

        return true;
    }

    /// <summary>Bytes with their length before them.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        ulong length = ReadVarint();
        if (length > (ulong)_rest.Length)
        {
            throw HFile.Damaged(path, $"its trailer has a field of {length} bytes where there are {_rest.Length}");
        }

        return Skip((int)length);
    }

    private ReadOnlySpan<byte> Skip(int length)
    {
        if (length > _rest.Length)
        {
            throw HFile.Damaged(path, "its trailer ends within a field");
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

        throw HFile.Damaged(path, "its trailer has a number of more than ten bytes");
    }
}
