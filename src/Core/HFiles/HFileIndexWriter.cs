using System.Buffers;
using System.Buffers.Binary;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>The root index: offset and length of each data block, and its first key after a Hadoop variable-length number (WritableUtils.writeVInt).</summary>
internal sealed class HFileIndexWriter
{
    private readonly ArrayBufferWriter<byte> _entries = new();

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Written => _entries.WrittenSpan;

    public void Add(long offset, int length, ReadOnlySpan<byte> firstKey)
    {
        int key = HFileKey.Length(firstKey.Length);
        var entry = _entries.GetSpan(sizeof(long) + sizeof(int) + 3 + key);
        BinaryPrimitives.WriteInt64BigEndian(entry, offset);
        BinaryPrimitives.WriteInt32BigEndian(entry[sizeof(long)..], length);
        int at = sizeof(long) + sizeof(int);
        at += HadoopNumber.Write(entry[at..], key);
        HFileKey.Write(entry[at..], firstKey);
        _entries.Advance(at + key);
        Count++;
    }
}
