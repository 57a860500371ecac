namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The rows that fill a key's winning row, in the order in which they are asked for a value, as linked lists in a few arrays. Each link says what counts as missing in the rows
/// before it: that is one thing for a whole log, but where a block of some columns only comes after others.
/// </summary>
internal sealed class RowChains
{
    private const int None = -1;
    private int[] first = [];
    private int[] last = [];
    private long[] places = new long[64];
    private int[] next = new int[64];
    private FillKind[] kinds = new FillKind[64];
    private int count;

    /// <summary>Whether any row fills another.</summary>
    public bool Any => count > 0;

    public long Bytes => ((first.LongLength + last.LongLength + next.LongLength) * sizeof(int)) + (places.LongLength * (sizeof(long) + 1));

    /// <summary>Makes room for keys.</summary>
    public void Reserve(int keys)
    {
        int old = first.Length;
        if (old < keys)
        {
            int length = Math.Max(keys, old * 2);
            System.Array.Resize(ref first, length);
            System.Array.Resize(ref last, length);
            first.AsSpan(old).Fill(None);
            last.AsSpan(old).Fill(None);
        }
    }

    /// <summary>A row takes the place of the one at <paramref name="place"/>, which is asked next, before those that filled it.</summary>
    public void Push(int key, long place, FillKind kind)
    {
        int entry = Add(place, kind);
        next[entry] = first[key];
        first[key] = entry;
        last[key] = last[key] == None ? entry : last[key];
    }

    /// <summary>A row is asked after all others.</summary>
    public void Append(int key, long place, FillKind kind)
    {
        int entry = Add(place, kind);
        next[entry] = None;
        if (last[key] == None)
        {
            first[key] = entry;
        }
        else
        {
            next[last[key]] = entry;
        }

        last[key] = entry;
    }

    /// <summary>Nothing fills the key's row any more.</summary>
    public void Clear(int key) => (first[key], last[key]) = (None, None);

    /// <summary>Adds a key's fillers, in their order, to a list of places.</summary>
    public void CopyTo(int key, RowPlaces target)
    {
        for (int entry = first[key]; entry != None; entry = next[entry])
        {
            target.Fill(places[entry], kinds[entry]);
        }
    }

    private int Add(long place, FillKind kind)
    {
        if (count == places.Length)
        {
            System.Array.Resize(ref places, count * 2);
            System.Array.Resize(ref next, count * 2);
            System.Array.Resize(ref kinds, count * 2);
        }

        places[count] = place;
        kinds[count] = kind;
        return count++;
    }
}
