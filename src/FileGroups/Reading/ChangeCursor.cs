using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Walks the changes of a slice beside the rows of its base file and lays the ones over the others (HoodieFileGroupReader; here by position, not by key).</summary>
/// <param name="changes">The changes.</param>
/// <param name="columns">The columns of the base file's batches: those of the changes begin with them.</param>
internal sealed class ChangeCursor(SliceChanges changes, Schema columns) : IDisposable
{
    private readonly IEnumerator<ChangedRows> batches = changes.Changes().GetEnumerator();
    private ChangedRows? current;
    private RecordBatch? rows;
    private int at;

    /// <summary>The rows of a batch with their changes: others in their place, deleted ones left out. Null where none is left. Takes the batch over.</summary>
    /// <param name="batch">Consecutive rows of the base file, of the columns of the changes.</param>
    /// <param name="first">Position of its first row.</param>
    public RecordBatch? Apply(RecordBatch batch, long first)
    {
        if (!Load() || current!.Positions[at] >= first + batch.Length)
        {
            return batch;
        }

        using (batch)
        {
            List<RecordBatch> sources = [batch];
            using var runs = new RunBuilder(64);
            int next = 0;
            while (Load() && current!.Positions[at] < first + batch.Length)
            {
                var position = (int)(current.Positions[at] - first);
                runs.Add(0, next, position - next);
                if (!current.IsDeleted(at))
                {
                    if (!ReferenceEquals(sources[^1], rows))
                    {
                        sources.Add(rows!);
                    }

                    runs.Add(sources.Count - 1, at, 1);
                }

                next = position + 1;
                at++;
            }

            runs.Add(0, next, batch.Length - next);
            return runs.Runs.IsEmpty ? null : Kernels.Interleave(sources, runs);
        }
    }

    /// <summary>Of the changes before a position the rows that take the place of stored ones, whose row groups were passed over. To be taken before the batch that begins there.</summary>
    public IEnumerable<RecordBatch> TakeReplacements(long before)
    {
        while (Load() && current!.Positions[at] < before)
        {
            var taken = new List<int>();
            for (; at < current.Length && current.Positions[at] < before; at++)
            {
                if (!current.IsDeleted(at))
                {
                    taken.Add(at);
                }
            }

            if (taken.Count > 0)
            {
                yield return Kernels.Take(rows!, taken.ToArray());
            }
        }
    }

    /// <summary>The rows of keys that the base file does not have. To be taken last.</summary>
    public IEnumerable<RecordBatch> TakeInserts() => changes.Inserts().Select(i => Narrow(i.Rows));

    public void Dispose() => batches.Dispose();

    private RecordBatch Narrow(RecordBatch wide) => wide.ColumnCount == columns.FieldsList.Count ? wide : new RecordBatch(columns, wide.Arrays.Take(columns.FieldsList.Count), wide.Length);

    private bool Load()
    {
        while (current is null || at == current.Length)
        {
            if (!batches.MoveNext())
            {
                current = null;
                return false;
            }

            current = batches.Current;
            rows = Narrow(current.Rows);
            at = 0;
        }

        return true;
    }
}
