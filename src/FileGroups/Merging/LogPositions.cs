using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Which rows of the base file the records of a log are about, where every block says so (PositionBasedFileGroupRecordBuffer): the keys of the base file need not be read then, nor looked
/// up. 12 bytes a record.
/// </summary>
internal sealed class LogPositions
{
    private readonly List<long> positions = [];
    private readonly List<int> keys = [];
    private long[] ordered = [];
    private int[] orderedKeys = [];

    public long Bytes => (positions.Capacity * (long)sizeof(long)) + (keys.Capacity * (long)sizeof(int));

    /// <summary>Adds records.</summary>
    /// <param name="at">Their positions.</param>
    /// <param name="numbers">The numbers of their keys.</param>
    public void Add(ReadOnlySpan<long> at, ReadOnlySpan<int> numbers)
    {
        positions.AddRange(at);
        keys.AddRange(numbers);
    }

    /// <summary>Puts them in order, to be asked then. False where they cannot be believed: one is no row of the file, or two keys have the same.</summary>
    /// <param name="rows">How many the base file has.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool Order(long rows)
    {
        ordered = [.. positions];
        orderedKeys = [.. keys];
        if (!IsAscending(ordered))
        {
            System.Array.Sort(ordered, orderedKeys);
        }

        int count = 0;
        for (int i = 0; i < ordered.Length; i++)
        {
            if (count == 0 || ordered[i] != ordered[count - 1])
            {
                (ordered[count], orderedKeys[count]) = (ordered[i], orderedKeys[i]);
                count++;
            }
            else if (orderedKeys[i] != orderedKeys[count - 1])
            {
                return false;
            }
        }

        System.Array.Resize(ref ordered, count);
        System.Array.Resize(ref orderedKeys, count);
        return count == 0 || (ordered[0] >= 0 && ordered[^1] < rows);
    }

    /// <summary>Whether any of them is among some rows.</summary>
    public bool Meet(long first, long count) => Start(first) is var at && at < ordered.Length && ordered[at] < first + count;

    /// <summary>Fills <paramref name="found"/> with the number of each row's key, or -1; how many there are.</summary>
    /// <param name="first">Position of the first row.</param>
    /// <param name="found">One entry for each row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Find(long first, Span<int> found)
    {
        found.Fill(-1);
        int start = Start(first);
        int at = start;
        for (; at < ordered.Length && ordered[at] - first < found.Length; at++)
        {
            found[(int)(ordered[at] - first)] = orderedKeys[at];
        }

        return at - start;
    }

    private static bool IsAscending(long[] values)
    {
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] < values[i - 1])
            {
                return false;
            }
        }

        return true;
    }

    // The first that is not below.
    private int Start(long position) => System.Array.BinarySearch(ordered, position) is var at && at < 0 ? ~at : at;
}
