using System.Buffers.Binary;

namespace OllaLab.Lakehouse.Writing;

/// <summary>By partition path, then record key in the order of its UTF-8 bytes: a sorted bulk insert (GLOBAL_SORT). Rows that compare equal keep their order.</summary>
internal sealed class KeyOrder(PartitionPaths paths) : StagedOrder
{
    public override int Group(StagedBatch batch, int row) => batch.Partitions[row];

    public override int Compare(StagedBatch a, int i, StagedBatch b, int j)
    {
        var byPath = a.Partitions[i] == b.Partitions[j] ? 0 : string.CompareOrdinal(paths[a.Partitions[i]], paths[b.Partitions[j]]);
        return byPath != 0 ? byPath : a.Keys.GetBytes(i).SequenceCompareTo(b.Keys.GetBytes(j));
    }

    public override int[] Sort(IReadOnlyList<StagedBatch> batches, int[] starts)
    {
        var rows = new (ulong Prefix, int Row)[starts[^1]];
        var rank = Enumerable.Range(0, paths.Count).OrderBy(i => paths[i], StringComparer.Ordinal).Select((ordinal, r) => (ordinal, r)).ToDictionary(x => x.ordinal, x => (uint)x.r);
        for (var b = 0; b < batches.Count; b++)
        {
            for (var i = 0; i < batches[b].Length; i++)
            {
                rows[starts[b] + i] = (((ulong)rank[batches[b].Partitions[i]] << 32) | Prefix(batches[b].Keys.GetBytes(i)), starts[b] + i);
            }
        }

        Array.Sort(rows, (x, y) =>
        {
            if (x.Prefix != y.Prefix)
            {
                return x.Prefix.CompareTo(y.Prefix);
            }

            var (a, i) = Locate(starts, x.Row);
            var (b, j) = Locate(starts, y.Row);
            var byKey = batches[a].Keys.GetBytes(i).SequenceCompareTo(batches[b].Keys.GetBytes(j));
            return byKey != 0 ? byKey : x.Row.CompareTo(y.Row);
        });
        return Array.ConvertAll(rows, r => r.Row);
    }

    private static uint Prefix(ReadOnlySpan<byte> key)
    {
        Span<byte> first = stackalloc byte[4];
        first.Clear();
        key[..Math.Min(4, key.Length)].CopyTo(first);
        return BinaryPrimitives.ReadUInt32BigEndian(first);
    }

    private static (int Batch, int Row) Locate(int[] starts, int row)
    {
        var found = Array.BinarySearch(starts, row);
        var batch = found >= 0 ? found : ~found - 1;
        while (batch + 1 < starts.Length && starts[batch + 1] == starts[batch])
        {
            batch++;
        }

        return (batch, row - starts[batch]);
    }
}
