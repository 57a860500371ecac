using System.Buffers;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>Writes fields of protobuf messages.</summary>
internal static class ProtobufOutput
{
    public static void WriteNumber(IBufferWriter<byte> target, int field, long value)
    {
        WriteVarint(target, (ulong)field << 3);
        WriteVarint(target, (ulong)value);
    }

    public static void WriteBytes(IBufferWriter<byte> target, int field, ReadOnlySpan<byte> value)
    {
        WriteVarint(target, ((ulong)field << 3) | 2);
        WriteVarint(target, (ulong)value.Length);
        target.Write(value);
    }

    public static void WriteVarint(IBufferWriter<byte> target, ulong value)
    {
        var bytes = target.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
        target.Advance(length);
    }
}
