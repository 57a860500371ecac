using System.Runtime.CompilerServices;
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
        var places = order.Sort(memory);
        var source = new int[rowsPerBatch];
        var row = new int[rowsPerBatch];
        for (var at = 0; at < places.Length;)
        {
            var count = TakeGroup(places.AsSpan(at), source, row);
            yield return Gather(memory, source.AsSpan(0, count), row.AsSpan(0, count));
            at += count;
        }
    }

    // The next rows of one group, as many as there is room for.
    private int TakeGroup(ReadOnlySpan<RowPlace> places, Span<int> source, Span<int> row)
    {
        var group = order.Group(memory[places[0].Batch], places[0].Row);
        var count = 0;
        while (count < source.Length && count < places.Length && order.Group(memory[places[count].Batch], places[count].Row) == group)
        {
            (source[count], row[count]) = (places[count].Batch, places[count].Row);
            count++;
        }

        return count;
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
