using OllaLab.Lakehouse.Arrays;

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

    /// <summary>New rows, at most so many; once they take so many bytes, no further batch.</summary>
    public List<IncomingRows> TakeInserts(int most, long bytes)
    {
        var taken = new List<IncomingRows>();
        while (most > 0 && (taken.Count == 0 || bytes > 0) && Load())
        {
            var next = Take(Math.Min(most, current!.Length - at));
            taken.Add(next);
            most -= next.Length;
            bytes -= ArrowSize.Bytes(next.Data);
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
        var taken = current!.Slice(at, count);
        at += count;
        Taken += count;
        return taken;
    }
}
