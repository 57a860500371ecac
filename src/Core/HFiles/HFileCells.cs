using System.Buffers.Binary;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>
/// The cells of an uncompressed data block in their order: lengths of key and value, the key (length and bytes of the row, then column, time and type, which Hudi does not use),
/// the value, and a variable-length number (HBase's MVCC version, 0 with Hudi).
/// </summary>
internal ref struct HFileCells(ReadOnlySpan<byte> block, string path)
{
    private readonly int _length = block.Length;
    private ReadOnlySpan<byte> _rest = block;

    /// <summary>The row: what Hudi calls the key.</summary>
    public ReadOnlySpan<byte> Key { get; private set; }

    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where in the block the value begins.</summary>
    public int ValueStart { get; private set; }

    /// <summary>Bytes of cells still to come.</summary>
    public readonly int Remaining => _rest.Length;

    public bool MoveNext()
    {
        const int Lengths = 2 * sizeof(int);
        if (_rest.IsEmpty)
        {
            return false;
        }

        int keyLength = _rest.Length < Lengths ? -1 : BinaryPrimitives.ReadInt32BigEndian(_rest);
        int valueLength = keyLength < 0 ? -1 : BinaryPrimitives.ReadInt32BigEndian(_rest[sizeof(int)..]);
        if (keyLength < sizeof(short) || valueLength < 0 || (long)keyLength + valueLength >= _rest.Length - Lengths)
        {
            throw HFile.Damaged(path, $"a cell with a key of {keyLength} and a value of {valueLength} bytes is followed by {_rest.Length}");
        }

        var key = _rest.Slice(Lengths, keyLength);
        int row = BinaryPrimitives.ReadUInt16BigEndian(key);
        if (row > keyLength - sizeof(short))
        {
            throw HFile.Damaged(path, $"a cell's key of {keyLength} bytes holds a row of {row}");
        }

        Key = key.Slice(sizeof(short), row);
        Value = _rest.Slice(Lengths + keyLength, valueLength);
        ValueStart = _length - _rest.Length + Lengths + keyLength;
        _rest = _rest[(Lengths + keyLength + valueLength)..];
        int version = HadoopNumber.Size(_rest[0]);
        _rest = version <= _rest.Length ? _rest[version..] : throw HFile.Damaged(path, "a cell ends too early");
        return true;
    }

    /// <summary>Where the cells whose keys begin with a prefix are in a block: the end is the block's where more may follow in the next.</summary>
    public static (int From, int To) Range(ReadOnlySpan<byte> block, ReadOnlySpan<byte> prefix, string path)
    {
        var cells = new HFileCells(block, path);
        int from = block.Length;
        for (int at = 0; cells.MoveNext(); at = block.Length - cells.Remaining)
        {
            bool begins = cells.Key.StartsWith(prefix);
            if (!begins && cells.Key.SequenceCompareTo(prefix) > 0)
            {
                return (Math.Min(from, at), at);
            }

            from = begins ? Math.Min(from, at) : from;
        }

        return (from, block.Length);
    }
}
