using System.Buffers.Binary;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>
/// An index block: where blocks are and the first key of each. HBase may shorten a first key, as long as it stays above all keys before the block: the block that could have a key is
/// therefore always that of the greatest first key not above it, and its first cell may be greater.
/// </summary>
internal sealed class HFileIndex
{
    private const int Place = sizeof(long) + sizeof(int);

    private readonly byte[] _block;
    private readonly (long Offset, int Size, int KeyStart, int KeyLength)[] _entries;

    private HFileIndex(byte[] block, (long Offset, int Size, int KeyStart, int KeyLength)[] entries, string path)
    {
        _block = block;
        _entries = entries;
        for (int i = 1; i < entries.Length; i++)
        {
            if (Key(i - 1).SequenceCompareTo(Key(i)) > 0)
            {
                throw HFile.Damaged(path, "the keys of an index do not ascend");
            }
        }
    }

    public int Count => _entries.Length;

    /// <summary>The root index, of data blocks, of lower indexes or of meta blocks: place, then the key after its length. What follows the last entry belongs to HBase.</summary>
    /// <param name="hasRows">Whether keys are those of cells (with or without HBase's ending), rather than bare names.</param>
    public static HFileIndex ParseRoot(byte[] block, int count, bool hasRows, string path)
    {
        if (count < 0 || count > block.Length / (Place + 1))
        {
            throw HFile.Damaged(path, $"an index of {block.Length} bytes is said to have {count} entries");
        }

        // Writers of Hudi 1.1 gave the length of a key as protobuf has it, which differs from Hadoop's form above 127; no entry can be read in both ways.
        var entries = new (long Offset, int Size, int KeyStart, int KeyLength)[count];
        return TryParse(block, entries, hasRows, isProtobuf: false) || TryParse(block, entries, hasRows, isProtobuf: true)
            ? new HFileIndex(block, entries, path)
            : throw HFile.Damaged(path, "the entries of an index are longer than the index, or have keys of impossible lengths");
    }

    /// <summary>An index below the root: the number of entries, where each begins and the last ends, and the entries, whose keys have no lengths.</summary>
    public static HFileIndex ParseLower(byte[] block, string path)
    {
        int count = block.Length < 2 * sizeof(int) ? -1 : BinaryPrimitives.ReadInt32BigEndian(block);
        if (count < 0 || count > (block.Length - (2 * sizeof(int))) / (sizeof(int) + Place))
        {
            throw HFile.Damaged(path, $"an index of {block.Length} bytes is said to have {count} entries");
        }

        int first = (count + 2) * sizeof(int);
        var entries = new (long Offset, int Size, int KeyStart, int KeyLength)[count];
        for (int i = 0; i < count; i++)
        {
            int start = BinaryPrimitives.ReadInt32BigEndian(block.AsSpan((i + 1) * sizeof(int)));
            int end = BinaryPrimitives.ReadInt32BigEndian(block.AsSpan((i + 2) * sizeof(int)));
            if (start < 0 || end - (long)start < Place || end > block.Length - first || !TryRow(block, first + start + Place, end - start - Place, out var row))
            {
                throw HFile.Damaged(path, $"entry {i} of an index is said to be from {start} to {end}");
            }

            entries[i] = Entry(block, first + start, row);
        }

        return new HFileIndex(block, entries, path);
    }

    public long Offset(int entry) => _entries[entry].Offset;

    /// <summary>Bytes of the whole block.</summary>
    public int Size(int entry) => _entries[entry].Size;

    public ReadOnlySpan<byte> Key(int entry) => _block.AsSpan(_entries[entry].KeyStart, _entries[entry].KeyLength);

    /// <summary>The last entry whose key is not above a key, from an entry on that is not; that entry less one if there is none.</summary>
    public int Floor(ReadOnlySpan<byte> key, int from)
    {
        int low = from, high = _entries.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (Key(middle).SequenceCompareTo(key) <= 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low - 1;
    }

    private static (long Offset, int Size, int KeyStart, int KeyLength) Entry(byte[] block, int at, (int Start, int Length) key) =>
        (BinaryPrimitives.ReadInt64BigEndian(block.AsSpan(at)), BinaryPrimitives.ReadInt32BigEndian(block.AsSpan(at + sizeof(long))), key.Start, key.Length);

    private static bool TryParse(byte[] block, (long Offset, int Size, int KeyStart, int KeyLength)[] entries, bool hasRows, bool isProtobuf)
    {
        int at = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            if (block.Length - at < Place + 1)
            {
                return false;
            }

            var rest = block.AsSpan(at + Place);
            int length, used;
            if (!(isProtobuf ? ProtobufFields.TryReadLength(rest, out length, out used) : HadoopNumber.TryReadLength(rest, out length, out used)) || length > rest.Length - used)
            {
                return false;
            }

            (int Start, int Length) key = (at + Place + used, length);
            if (hasRows && !TryRow(block, key.Start, length, out key))
            {
                return false;
            }

            entries[i] = Entry(block, at, key);
            at += Place + used + length;
        }

        return true;
    }

    /// <summary>The row of a key with its length before it, alone or with HBase's ending; hudi-rs gives an empty key to the block of a file without cells.</summary>
    private static bool TryRow(byte[] block, int at, int length, out (int Start, int Length) row)
    {
        if (length == 0)
        {
            row = (at, 0);
            return true;
        }

        int rowLength = length < HFileKey.RowPrefix ? -1 : BinaryPrimitives.ReadUInt16BigEndian(block.AsSpan(at));
        row = (at + HFileKey.RowPrefix, rowLength);
        return rowLength >= 0 && (length == HFileKey.RowPrefix + rowLength || length >= HFileKey.Length(rowLength));
    }
}
