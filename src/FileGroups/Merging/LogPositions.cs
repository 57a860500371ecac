using System.Collections;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Apache.Arrow;

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
    private int orderedOf = -1;
    private bool agree;

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
    public bool Order(long rows)
    {
        if (orderedOf != positions.Count)
        {
            (agree, orderedOf) = (Order(), positions.Count);
        }

        return agree && (ordered.Length == 0 || (ordered[0] >= 0 && ordered[^1] < rows));
    }

    /// <summary>Whether some key has several of them, as where a base file holds it twice. To be asked once they are in order.</summary>
    public bool HasKeyTwice()
    {
        var seen = new BitArray(orderedKeys.Length == 0 ? 0 : orderedKeys.Max() + 1);
        foreach (var key in orderedKeys)
        {
            if (seen[key])
            {
                return true;
            }

            seen[key] = true;
        }

        return false;
    }

    /// <summary>Positions in the form of keys, 8 bytes each.</summary>
    public static StringArray AsKeys(ReadOnlySpan<long> at)
    {
        int[] offsets = [.. Enumerable.Range(0, at.Length + 1).Select(i => i * sizeof(long))];
        return new StringArray(at.Length, new ArrowBuffer(MemoryMarshal.AsBytes<int>(offsets).ToArray()), new ArrowBuffer(MemoryMarshal.AsBytes(at).ToArray()), ArrowBuffer.Empty);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Order()
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
        return true;
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
