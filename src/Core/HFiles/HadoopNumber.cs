namespace OllaLab.Lakehouse.HFiles;

/// <summary>
/// Hadoop's variable-length numbers (WritableUtils.writeVInt): a first byte of -112 to 127 is the number; -113 to -120 say that one to eight bytes of it follow, the highest first,
/// -121 to -128 that those of a negative number's complement do.
/// </summary>
internal static class HadoopNumber
{
    private const int SmallestAlone = -112;
    private const int SmallestPositive = -120;

    /// <summary>Writes a length of up to 65,535; returns the bytes used.</summary>
    public static int Write(Span<byte> target, int length)
    {
        switch (length)
        {
            case <= sbyte.MaxValue:
                target[0] = (byte)length;
                return 1;
            case <= byte.MaxValue:
                target[0] = unchecked((byte)(SmallestAlone - 1));
                target[1] = (byte)length;
                return 2;
            default:
                target[0] = unchecked((byte)(SmallestAlone - 2));
                target[1] = checked((byte)(length >> 8));
                target[2] = (byte)length;
                return 3;
        }
    }

    /// <summary>Bytes of a number with its first one.</summary>
    public static int Size(byte first) => (sbyte)first switch
    {
        >= SmallestAlone => 1,
        < SmallestPositive => SmallestPositive + 1 - (sbyte)first,
        _ => SmallestAlone + 1 - (sbyte)first,
    };

    /// <summary>Reads a length; false where the number is no length, or is not all there.</summary>
    public static bool TryReadLength(ReadOnlySpan<byte> bytes, out int length, out int used)
    {
        length = 0;
        used = bytes.IsEmpty ? int.MaxValue : Size(bytes[0]);
        if (used > bytes.Length || used > 1 + sizeof(int) || (sbyte)bytes[0] is < SmallestPositive or (>= SmallestAlone and < 0))
        {
            return false;
        }

        length = used == 1 ? bytes[0] : 0;
        foreach (byte next in bytes[1..used])
        {
            length = (length << 8) | next;
        }

        return length >= 0;
    }
}
