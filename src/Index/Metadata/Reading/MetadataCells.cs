using OllaLab.Lakehouse.HFiles;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Records of one file group in memory as they lie in files, in key order, those of one key in the order in which they were written. No object for each record.</summary>
internal sealed class MetadataCells
{
    private readonly List<Cell> cells = [];

    /// <summary>A record, or a deletion of its key.</summary>
    /// <param name="Codec">Null: a deletion.</param>
    public readonly record struct Cell(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, MetadataRecordCodec? Codec, int Order);

    public int Count => cells.Count;

    public Cell this[int index] => cells[index];

    public void Add(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, MetadataRecordCodec? codec) => cells.Add(new Cell(key, value, codec, cells.Count));

    /// <summary>All records of an HFile.</summary>
    public async ValueTask AddAsync(HFile file, MetadataRecordCodec codec, string path, CancellationToken cancellationToken)
    {
        long left = file.Trailer.EntryCount;
        await foreach (var data in file.ReadDataBlocksAsync(cancellationToken))
        {
            left -= AddBlock(data.ToArray(), codec, path);
        }

        if (left != 0)
        {
            throw HFile.Damaged(path, $"it is said to have {left} entries more than it has");
        }
    }

    /// <summary>To be called when all are there.</summary>
    public void Sort()
    {
        // The records of one block are in order, and are often all.
        for (int i = 1; i < cells.Count; i++)
        {
            if (cells[i - 1].Key.Span.SequenceCompareTo(cells[i].Key.Span) > 0)
            {
                cells.Sort(static (a, b) => a.Key.Span.SequenceCompareTo(b.Key.Span) is var order and not 0 ? order : a.Order.CompareTo(b.Order));
                return;
            }
        }
    }

    /// <summary>The first record whose key is not below a key.</summary>
    /// <param name="from">Where to begin: all before are known to be below.</param>
    public int LowerBound(ReadOnlySpan<byte> key, int from = 0)
    {
        int low = from;
        int high = cells.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (cells[middle].Key.Span.SequenceCompareTo(key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>The end of the records of a key that begin at a position; the position itself where there are none.</summary>
    public int EndOf(int first, ReadOnlySpan<byte> key)
    {
        int end = first;
        while (end < cells.Count && cells[end].Key.Span.SequenceEqual(key))
        {
            end++;
        }

        return end;
    }

    private int AddBlock(byte[] block, MetadataRecordCodec codec, string path)
    {
        var reader = new HFileCells(block, path);
        int added = 0;
        int before = 0;
        while (reader.MoveNext())
        {
            // The key stands behind two lengths and its own, the value at the end of the key's part.
            const int Lengths = (2 * sizeof(int)) + sizeof(short);
            int keyPart = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(block.AsSpan(before));
            Add(block.AsMemory(before + Lengths, reader.Key.Length), block.AsMemory(before + (2 * sizeof(int)) + keyPart, reader.Value.Length), codec);
            before = block.Length - reader.Remaining;
            added++;
        }

        return added;
    }
}
