namespace OllaLab.Lakehouse.FileGroups;

/// <summary>For each row to be made, the places (source and row, in 32 bits each) that are asked for its values one after another.</summary>
internal sealed class RowPlaces
{
    private readonly List<int> starts = [];
    private readonly List<long> places = [];
    private readonly List<FillKind> kinds = [];
    private readonly List<long> meta = [];

    public int Count => starts.Count;

    /// <summary>Begins a row.</summary>
    /// <param name="place">Asked first; negative: the row is null.</param>
    /// <param name="metaPlace">Where its meta columns are, if rows differ in that.</param>
    public void Begin(long place, long metaPlace)
    {
        starts.Add(places.Count);
        meta.Add(metaPlace);
        places.Add(place);
        kinds.Add(FillKind.None);
    }

    /// <summary>Adds a place to the row begun last, which is asked where the one before has nothing.</summary>
    public void Fill(long place, FillKind kind)
    {
        kinds[^1] = kind;
        places.Add(place);
        kinds.Add(FillKind.None);
    }

    public long Meta(int row) => meta[row];

    /// <summary>The first place of the row where the value is not missing, or its last place.</summary>
    public long Find(int row, Func<long, FillKind, bool> isMissing)
    {
        int at = starts[row];
        int end = row + 1 < starts.Count ? starts[row + 1] : places.Count;
        while (at + 1 < end && isMissing(places[at], kinds[at]))
        {
            at++;
        }

        return places[at];
    }
}
