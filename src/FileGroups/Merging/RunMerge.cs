using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Several runs as one. A position is in one run only.</summary>
internal static class RunMerge
{
    public static IEnumerable<ChangedRows> ByPosition(IReadOnlyList<ChangeRun> runs)
    {
        var cursors = runs.Select(r => new Cursor(r.Read().GetEnumerator())).ToList();
        try
        {
            Load(cursors);
            while (cursors.Count > 0)
            {
                // Of all that is not read yet, nothing comes before the end of the batch that ends first.
                long until = cursors.Min(c => c.Last);
                yield return Take(cursors, until);
                Load(cursors);
            }
        }
        finally
        {
            cursors.ForEach(c => c.Dispose());
        }
    }

    private static void Load(List<Cursor> cursors)
    {
        foreach (var ended in cursors.Where(c => !c.Load()).ToList())
        {
            ended.Dispose();
            cursors.Remove(ended);
        }
    }

    private static ChangedRows Take(List<Cursor> cursors, long until)
    {
        var taken = cursors.ConvertAll(c => c.TakeTo(until));
        int length = taken.Sum(t => t.Count);
        var positions = new long[length];
        var places = new long[length];
        int at = 0;
        for (int c = 0; c < taken.Count; c++)
        {
            for (int row = taken[c].Start; row < taken[c].Start + taken[c].Count; row++, at++)
            {
                positions[at] = taken[c].Rows.Positions[row];
                places[at] = ((long)c << 32) | (uint)row;
            }
        }

        System.Array.Sort(positions, places);
        var source = System.Array.ConvertAll(places, p => (int)(p >> 32));
        var rows = System.Array.ConvertAll(places, p => (int)p);
        bool[]? deleted = taken.Exists(t => t.Rows.Deleted is not null) ? [.. places.Select(p => taken[(int)(p >> 32)].Rows.IsDeleted((int)p))] : null;
        return new ChangedRows(
            Kernels.Interleave(taken.ConvertAll(t => t.Rows.Rows), source, rows),
            (StringArray)Kernels.Interleave(taken.ConvertAll<IArrowArray>(t => t.Rows.Keys), source, rows),
            positions,
            deleted);
    }

    private sealed class Cursor(IEnumerator<ChangedRows> batches) : IDisposable
    {
        private ChangedRows? current;
        private int at;

        public long Last => current!.Positions[^1];

        public bool Load()
        {
            while (current is null || at == current.Length)
            {
                if (!batches.MoveNext())
                {
                    return false;
                }

                current = batches.Current;
                at = 0;
            }

            return true;
        }

        public (ChangedRows Rows, int Start, int Count) TakeTo(long until)
        {
            int start = at;
            while (at < current!.Length && current.Positions[at] <= until)
            {
                at++;
            }

            return (current, start, at - start);
        }

        public void Dispose() => batches.Dispose();
    }
}
