using System.Buffers.Binary;

namespace OllaLab.Lakehouse.Bloom;

/// <summary>
/// A filter that grows by a row of bits each time the newest is full, up to a number of keys; beyond it keys are spread over the rows in turn, so that its size stays bounded
/// (org.apache.hudi.common.bloom.InternalDynamicBloomFilter).
/// </summary>
internal sealed class DynamicBloomFilter : BloomFilter
{
    /// <summary>The header, keys per row, keys in the newest row, number of rows.</summary>
    public const int HeaderLength = BloomRow.HeaderLength + 12;

    private readonly int vectorSize;
    private readonly int hashes;
    private readonly int keysPerRow;
    private readonly int maxEntries;
    private readonly List<BloomRow> rows;
    private int currentKeys;
    private bool isFull;
    private int nextRow;

    public DynamicBloomFilter(int vectorSize, int hashes, int keysPerRow, int maxEntries)
        : this(vectorSize, hashes, keysPerRow, maxEntries, 0, [BloomRow.Empty(vectorSize, hashes)])
    {
    }

    public DynamicBloomFilter(int vectorSize, int hashes, int keysPerRow, int maxEntries, int currentKeys, List<BloomRow> rows)
    {
        this.vectorSize = vectorSize;
        this.hashes = hashes;
        this.keysPerRow = keysPerRow;
        this.maxEntries = maxEntries;
        this.currentKeys = currentKeys;
        this.rows = rows;
    }

    public override string TypeCode => Dynamic;

    public override long Capacity => (long)keysPerRow * rows.Count;

    protected override int SerializedLength => HeaderLength + rows.Sum(r => r.SerializedLength);

    public override void Add(ReadOnlySpan<byte> key)
    {
        RefuseEmpty(key);
        RowForNextKey().Add(key);
        currentKeys++;
    }

    public override void AddAll(ReadOnlySpan<byte> data, ReadOnlySpan<int> offsets)
    {
        int keys = offsets.Length - 1;
        int done = 0;
        while (done < keys)
        {
            var row = RowForNextKey();
            int count = isFull ? 1 : Math.Min(keys - done, keysPerRow - currentKeys);
            BloomBulk.Add(row, data, offsets.Slice(done, count + 1));
            currentKeys += count;
            done += count;
            if (isFull && done < keys)
            {
                Spread(data, offsets[done..]);
                return;
            }
        }
    }

    // Past the limit: row by row, each with every n-th key.
    private void Spread(ReadOnlySpan<byte> data, ReadOnlySpan<int> offsets)
    {
        int keys = offsets.Length - 1;
        for (int i = 0; i < rows.Count && i < keys; i++)
        {
            BloomBulk.Add(rows[(nextRow + i) % rows.Count], data, offsets, i, rows.Count, ((keys - i - 1) / rows.Count) + 1);
        }

        nextRow = (nextRow + keys) % rows.Count;
        currentKeys += keys;
    }

    public override bool MightContain(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty)
        {
            return false;
        }

        foreach (var row in rows)
        {
            if (row.MightContain(key))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One filter of the rows of several, each of one row and all of one shape.</summary>
    /// <param name="filters">In the order in which their keys came.</param>
    /// <param name="keysInLast">Keys in the last of them.</param>
    public static DynamicBloomFilter Join(IReadOnlyList<DynamicBloomFilter> filters, int keysInLast)
    {
        var first = filters[0];
        return new DynamicBloomFilter(first.vectorSize, first.hashes, first.keysPerRow, first.maxEntries, keysInLast, [.. filters.SelectMany(f => f.rows)]);
    }

    public override double FalsePositiveRate => 1 - rows.Aggregate(1.0, (rest, row) => rest * (1 - row.FalsePositiveRate));

    public override void Or(BloomFilter other)
    {
        if (other is not DynamicBloomFilter dynamic || dynamic.rows.Count != rows.Count || !dynamic.rows[0].HasSameShape(rows[0]))
        {
            throw OtherShape();
        }

        for (int i = 0; i < rows.Count; i++)
        {
            rows[i].Or(dynamic.rows[i]);
        }
    }

    protected override void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination, -1);
        BinaryPrimitives.WriteInt32BigEndian(destination[4..], hashes);
        destination[8] = 1;
        BinaryPrimitives.WriteInt32BigEndian(destination[9..], vectorSize);
        BinaryPrimitives.WriteInt32BigEndian(destination[13..], keysPerRow);
        BinaryPrimitives.WriteInt32BigEndian(destination[17..], currentKeys);
        BinaryPrimitives.WriteInt32BigEndian(destination[21..], rows.Count);
        int at = HeaderLength;
        foreach (var row in rows)
        {
            at += row.Write(destination[at..]);
        }
    }

    // A row takes its keys; past the limit the first key goes to row 0, the next to rows 0, 1, 2, ... in turn, while the counter keeps growing (bit-exact with Hudi).
    private BloomRow RowForNextKey()
    {
        if (currentKeys < keysPerRow)
        {
            return rows[^1];
        }

        if (isFull)
        {
            var row = rows[nextRow];
            nextRow = (nextRow + 1) % rows.Count;
            return row;
        }

        if ((long)rows.Count * keysPerRow < maxEntries)
        {
            var row = BloomRow.Empty(vectorSize, hashes);
            rows.Add(row);
            currentKeys = 0;
            return row;
        }

        isFull = true;
        return rows[0];
    }
}
