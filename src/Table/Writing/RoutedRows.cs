using System.Runtime.InteropServices;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Rows on their way to their files, sorted within a memory limit: runs past it are sorted and spilled, and merged while they are read (an external merge sort).
/// </summary>
internal sealed class RoutedRows(StagedOrder order, long memoryLimit, string? spillFolder, int batchRows) : IDisposable
{
    private readonly List<StagedBatch> memory = [];
    private readonly List<SpillFile> runs = [];
    private long bytes;
    private Apache.Arrow.Schema? schema;

    /// <summary>Takes rows over.</summary>
    public void Add(StagedBatch batch)
    {
        schema ??= batch.Data.Schema;
        memory.Add(batch);
        bytes += ArrowSize.Bytes(batch.Data) + ArrowSize.Bytes(batch.Keys) + (batch.Length * 24L);
        if (bytes > memoryLimit)
        {
            var run = new SpillFile(spillFolder);
            runs.Add(run);
            foreach (var sorted in SortMemory(SpillBatchRows))
            {
                run.Write(StagedBatchSpill.Pack(sorted));
            }

            memory.Clear();
            bytes = 0;
        }
    }

    // Small, because one batch of every run is in memory while runs are merged.
    private const int SpillBatchRows = 2_048;

    /// <summary>All rows in order, in batches that never span two groups of the order (write targets, partitions).</summary>
    public IEnumerable<StagedBatch> Read() => runs.Count == 0 ? SortMemory(batchRows) : MergeRuns();

    public void Dispose()
    {
        foreach (var run in runs)
        {
            run.Dispose();
        }
    }

    private IEnumerable<StagedBatch> SortMemory(int rowsPerBatch)
    {
        var starts = new int[memory.Count + 1];
        for (var b = 0; b < memory.Count; b++)
        {
            starts[b + 1] = starts[b] + memory[b].Length;
        }

        var rows = order.Sort(memory, starts);
        var source = new int[rowsPerBatch];
        var row = new int[rowsPerBatch];
        for (var at = 0; at < rows.Length;)
        {
            var count = 0;
            var group = 0;
            while (count < rowsPerBatch && at + count < rows.Length)
            {
                var found = Array.BinarySearch(starts, rows[at + count]);
                var batch = found >= 0 ? LastOf(starts, found) : ~found - 1;
                var local = rows[at + count] - starts[batch];
                var itsGroup = order.Group(memory[batch], local);
                if (count > 0 && itsGroup != group)
                {
                    break;
                }

                group = itsGroup;
                source[count] = batch;
                row[count++] = local;
            }

            yield return Gather(memory, source.AsSpan(0, count), row.AsSpan(0, count));
            at += count;
        }
    }

    // An empty batch shares its start with the next one; rows belong to the last of them.
    private static int LastOf(int[] starts, int index)
    {
        while (index + 1 < starts.Length - 1 && starts[index + 1] == starts[index])
        {
            index++;
        }

        return index;
    }

    private IEnumerable<StagedBatch> MergeRuns()
    {
        var cursors = new PriorityQueue<Cursor, Cursor>(Comparer<Cursor>.Create((a, b) => order.Compare(a.Batch, a.Row, b.Batch, b.Row) is var c and not 0 ? c : a.Ordinal.CompareTo(b.Ordinal)));
        var sources = runs.Select(r => r.Read().Select(b => StagedBatchSpill.Unpack(b, schema!))).ToList();
        if (memory.Count > 0)
        {
            sources.Add(SortMemory(SpillBatchRows));
        }

        var count = 0;
        foreach (var source in sources)
        {
            var cursor = new Cursor(source.GetEnumerator(), count++);
            if (cursor.Next())
            {
                cursors.Enqueue(cursor, cursor);
            }
        }

        var batches = new List<StagedBatch>();
        var ordinals = new Dictionary<StagedBatch, int>(ReferenceEqualityComparer.Instance);
        var chosen = new List<int>();
        var rows = new List<int>();
        var group = 0;
        while (cursors.TryDequeue(out var cursor, out _))
        {
            var itsGroup = order.Group(cursor.Batch, cursor.Row);
            if (chosen.Count > 0 && (chosen.Count == batchRows || itsGroup != group))
            {
                yield return Gather(batches, CollectionsMarshal.AsSpan(chosen), CollectionsMarshal.AsSpan(rows));
                batches.Clear();
                ordinals.Clear();
                chosen.Clear();
                rows.Clear();
            }

            group = itsGroup;
            if (!ordinals.TryGetValue(cursor.Batch, out var ordinal))
            {
                ordinal = batches.Count;
                batches.Add(cursor.Batch);
                ordinals.Add(cursor.Batch, ordinal);
            }

            chosen.Add(ordinal);
            rows.Add(cursor.Row);
            if (cursor.Next())
            {
                cursors.Enqueue(cursor, cursor);
            }
        }

        if (chosen.Count > 0)
        {
            yield return Gather(batches, CollectionsMarshal.AsSpan(chosen), CollectionsMarshal.AsSpan(rows));
        }
    }

    private static StagedBatch Gather(IReadOnlyList<StagedBatch> sources, ReadOnlySpan<int> source, ReadOnlySpan<int> row)
    {
        var partitions = new int[row.Length];
        var orders = new long[row.Length];
        for (var i = 0; i < row.Length; i++)
        {
            var from = sources[source[i]];
            partitions[i] = from.Partitions[row[i]];
            orders[i] = from.Order.Length == 0 ? 0 : from.Order[row[i]];
        }

        var data = Kernels.Interleave(sources.Select(s => s.Data).ToList(), source, row);
        var keys = (Apache.Arrow.StringArray)Kernels.Interleave(sources.Select(s => (Apache.Arrow.IArrowArray)s.Keys).ToList(), source, row);
        return new StagedBatch(data, keys, partitions, orders);
    }

    private sealed class Cursor(IEnumerator<StagedBatch> batches, int ordinal)
    {
        private StagedBatch? batch;

        /// <summary>Runs are numbered in the order they came: rows that compare equal keep it.</summary>
        public int Ordinal => ordinal;

        public StagedBatch Batch => batch!;

        public int Row { get; private set; } = -1;

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
