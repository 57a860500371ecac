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

    public override RowPlace[] Sort(IReadOnlyList<StagedBatch> batches)
    {
        var rows = new (ulong Prefix, RowPlace Place)[batches.Sum(b => b.Length)];
        var rank = Enumerable.Range(0, paths.Count).OrderBy(i => paths[i], StringComparer.Ordinal).Select((ordinal, r) => (ordinal, r)).ToDictionary(x => x.ordinal, x => (uint)x.r);
        var n = 0;
        for (var b = 0; b < batches.Count; b++)
        {
            for (var i = 0; i < batches[b].Length; i++)
            {
                rows[n++] = (((ulong)rank[batches[b].Partitions[i]] << 32) | Prefix(batches[b].Keys.GetBytes(i)), new RowPlace(b, i));
            }
        }

        Array.Sort(rows, (x, y) =>
        {
            if (x.Prefix != y.Prefix)
            {
                return x.Prefix.CompareTo(y.Prefix);
            }

            var (a, b) = (x.Place, y.Place);
            var byKey = batches[a.Batch].Keys.GetBytes(a.Row).SequenceCompareTo(batches[b.Batch].Keys.GetBytes(b.Row));
            return byKey != 0 ? byKey : a.Batch != b.Batch ? a.Batch.CompareTo(b.Batch) : a.Row.CompareTo(b.Row);
        });
        return Array.ConvertAll(rows, r => r.Place);
    }

    private static uint Prefix(ReadOnlySpan<byte> key)
    {
        Span<byte> first = stackalloc byte[4];
        first.Clear();
        key[..Math.Min(4, key.Length)].CopyTo(first);
        return BinaryPrimitives.ReadUInt32BigEndian(first);
    }
}
