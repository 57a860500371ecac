using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Services;

/// <summary>Rows sorted by keys of bytes within a memory limit, rows of one key in the order they came: runs past it are sorted and spilled, and merged while they are read (an external merge sort).</summary>
internal sealed class SortedRows(long memoryLimit, string? spillFolder, int batchRows) : IDisposable
{
    // Small, because one batch of every run is in memory while runs are merged.
    private const int SpillBatchRows = 2_048;
    private const string KeyColumn = "_sort_key";
    private readonly List<RecordBatch> memory = [];
    private readonly List<SpillFile> runs = [];
    private long bytes;

    /// <summary>Takes rows over.</summary>
    public void Add(RecordBatch rows, BinaryArray keys)
    {
        var keyed = new RecordBatch(new Schema([.. rows.Schema.FieldsList, new Field(KeyColumn, BinaryType.Default, false)], null), [.. rows.Arrays, keys], rows.Length);
        memory.Add(keyed);
        bytes += ArrowSize.Bytes(keyed) + (rows.Length * 24L);
        if (bytes > memoryLimit)
        {
            var run = new SpillFile(spillFolder);
            runs.Add(run);
            foreach (var sorted in SortMemory(SpillBatchRows))
            {
                using (sorted)
                {
                    run.Write(sorted);
                }
            }

            Release();
        }
    }

    /// <summary>All rows in order, once.</summary>
    public IEnumerable<RecordBatch> Read() => (runs.Count == 0 ? SortMemory(batchRows) : MergeRuns()).Select(WithoutKey);

    public void Dispose()
    {
        Release();
        runs.ForEach(r => r.Dispose());
    }

    private static RecordBatch WithoutKey(RecordBatch keyed)
    {
        var columns = keyed.ColumnCount - 1;
        keyed.Column(columns).Dispose();
        return new RecordBatch(new Schema([.. keyed.Schema.FieldsList.Take(columns)], null), keyed.Arrays.Take(columns), keyed.Length);
    }

    private void Release()
    {
        memory.ForEach(b => b.Dispose());
        memory.Clear();
        bytes = 0;
    }

    private IEnumerable<RecordBatch> SortMemory(int rowsPerBatch)
    {
        var (batches, rows) = Sort();
        for (var at = 0; at < rows.Length; at += rowsPerBatch)
        {
            var count = Math.Min(rowsPerBatch, rows.Length - at);
            yield return Kernels.Interleave(memory, batches.AsSpan(at, count), rows.AsSpan(at, count));
        }
    }

    // By the first eight bytes as numbers; only rows that are equal there are compared byte by byte.
    private (int[] Batches, int[] Rows) Sort()
    {
        var keys = memory.ConvertAll(KeysOf);
        var total = memory.Sum(b => b.Length);
        var prefixes = new ulong[total];
        var places = new long[total];
        var at = 0;
        for (var b = 0; b < memory.Count; b++)
        {
            for (var r = 0; r < memory[b].Length; r++)
            {
                prefixes[at] = Prefix(keys[b].GetBytes(r));
                places[at++] = ((long)b << 32) | (uint)r;
            }
        }

        System.Array.Sort(prefixes, places);
        var order = Comparer<long>.Create((x, y) => keys[(int)(x >> 32)].GetBytes((int)x).SequenceCompareTo(keys[(int)(y >> 32)].GetBytes((int)y)) is var c and not 0 ? c : x.CompareTo(y));
        for (var first = 0; first < total;)
        {
            var next = first + 1;
            while (next < total && prefixes[next] == prefixes[first])
            {
                next++;
            }

            if (next - first > 1)
            {
                System.Array.Sort(places, first, next - first, order);
            }

            first = next;
        }

        return ([.. places.Select(p => (int)(p >> 32))], [.. places.Select(p => (int)p)]);
    }

    private IEnumerable<RecordBatch> MergeRuns()
    {
        var cursors = new PriorityQueue<Cursor, Cursor>(Comparer<Cursor>.Create((a, b) => a.Key.SequenceCompareTo(b.Key) is var c and not 0 ? c : a.Ordinal.CompareTo(b.Ordinal)));
        var sources = runs.Select(r => r.Read()).Concat(memory.Count > 0 ? [SortMemory(SpillBatchRows)] : []).ToList();
        for (var i = 0; i < sources.Count; i++)
        {
            var cursor = new Cursor(sources[i].GetEnumerator(), i);
            if (cursor.Next())
            {
                cursors.Enqueue(cursor, cursor);
            }
        }

        var batches = new List<RecordBatch>();
        var ordinals = new Dictionary<RecordBatch, int>(ReferenceEqualityComparer.Instance);
        var (chosen, rows) = (new int[batchRows], new int[batchRows]);
        var count = 0;
        while (cursors.TryDequeue(out var cursor, out _))
        {
            if (!ordinals.TryGetValue(cursor.Batch, out var ordinal))
            {
                ordinal = batches.Count;
                batches.Add(cursor.Batch);
                ordinals.Add(cursor.Batch, ordinal);
            }

            (chosen[count], rows[count]) = (ordinal, cursor.Row);
            if (++count == batchRows)
            {
                yield return Kernels.Interleave(batches, chosen, rows);
                batches.Clear();
                ordinals.Clear();
                count = 0;
            }

            if (cursor.Next())
            {
                cursors.Enqueue(cursor, cursor);
            }
        }

        if (count > 0)
        {
            yield return Kernels.Interleave(batches, chosen.AsSpan(0, count), rows.AsSpan(0, count));
        }
    }

    private static BinaryArray KeysOf(RecordBatch keyed) => (BinaryArray)keyed.Column(keyed.ColumnCount - 1);

    private static ulong Prefix(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        Span<byte> whole = stackalloc byte[sizeof(ulong)];
        whole.Clear();
        key.CopyTo(whole);
        return BinaryPrimitives.ReadUInt64BigEndian(whole);
    }

    private sealed class Cursor(IEnumerator<RecordBatch> batches, int ordinal)
    {
        private RecordBatch? batch;

        /// <summary>Runs are numbered in the order they came.</summary>
        public int Ordinal => ordinal;

        public RecordBatch Batch => batch!;

        public int Row { get; private set; } = -1;

        public ReadOnlySpan<byte> Key => KeysOf(batch!).GetBytes(Row);

        public bool Next()
        {
            Row++;
            while (batch is null || Row >= batch.Length)
            {
                if (!batches.MoveNext())
                {
                    return false;
                }

                batch = batches.Current;
                Row = 0;
            }

            return true;
        }
    }
}
