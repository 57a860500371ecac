using System.Buffers.Binary;

namespace OllaLab.Lakehouse.Logs;

/// <summary>Little-endian numbers of a Roaring bitmap's bytes, none of them past the end.</summary>
internal struct RoaringInput(ReadOnlyMemory<byte> bytes)
{
    private int _at;

    public static LakehouseException Bad(string problem) => new(LakehouseErrorKind.Corrupt, $"The record positions are damaged: {problem}");

    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > bytes.Length - _at)
        {
            throw Bad("they end too early");
        }

        var span = bytes.Span.Slice(_at, length);
        _at += length;
        return span;
    }

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public readonly void CheckEnd()
    {
        if (_at != bytes.Length)
        {
            throw Bad($"{bytes.Length - _at} bytes follow them");
        }
    }
}
