namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Walks the incoming rows of one file group beside its base file.</summary>
internal sealed class IncomingCursor(IEnumerable<IncomingRows> rows) : IDisposable
{
    private readonly IEnumerator<IncomingRows> batches = rows.GetEnumerator();
    private IncomingRows? current;
    private int at;

    /// <summary>Rows handed out so far: their numbers make sequence numbers.</summary>
    public long Taken { get; private set; }

    /// <summary>Whether only new rows are left, at least one.</summary>
    public bool AtInserts => Load() && current!.Positions[at] == IncomingRows.Insert;

    /// <summary>The rows that meet stored rows before a position.</summary>
    public List<IncomingRows> TakeBefore(long position)
    {
        var taken = new List<IncomingRows>();
        while (Load())
        {
            var end = LowerBound(current!.Positions, position);
            if (end <= at)
            {
                break;
            }

            taken.Add(Take(end - at));
        }

        return taken;
    }

    /// <summary>New rows, at most so many.</summary>
    public List<IncomingRows> TakeInserts(int most)
    {
        var taken = new List<IncomingRows>();
        while (most > 0 && Load())
        {
            var next = Take(Math.Min(most, current!.Length - at));
            taken.Add(next);
            most -= next.Length;
        }

        return taken;
    }

    public void Dispose() => batches.Dispose();

    private static int LowerBound(long[] positions, long position)
    {
        int low = 0, high = positions.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (positions[middle] < position)
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
            at = 0;
        }

        return true;
    }

    private IncomingRows Take(int count)
    {
        var rows = current!;
        var taken = at == 0 && count == rows.Length
            ? rows
            : new IncomingRows(rows.Data.Slice(at, count), (Apache.Arrow.StringArray)rows.Keys.Slice(at, count), rows.Positions[at..(at + count)]);
        at += count;
        Taken += count;
        return taken;
    }
}
