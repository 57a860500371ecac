using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Keys that a write deletes and that were not stored when it looked. It changes nothing for them; but if another writer has stored one meanwhile and completes first, the row would outlive a delete that
/// completed after it. Kept where there are other writers.
/// </summary>
internal sealed class AbsentDeletes
{
    // Of one space: beyond that they are not told apart.
    private const int Most = 500_000;
    private readonly Dictionary<string, (StringArray.Builder Keys, int Count)> spaces = new(StringComparer.Ordinal);

    /// <summary>Where they were looked for: partition paths, or "" for all of a global index.</summary>
    public IEnumerable<string> Spaces => spaces.Keys;

    public void Add(string space, ReadOnlySpan<byte> key)
    {
        var (keys, count) = spaces.TryGetValue(space, out var known) ? known : (new StringArray.Builder(), 0);
        spaces[space] = (count < Most ? keys.Append(key) : keys, count + 1);
    }

    /// <summary>The keys of a space; null: too many.</summary>
    public KeyMap? KeysOf(string space)
    {
        var map = new KeyMap();
        if (!spaces.TryGetValue(space, out var known))
        {
            return map;
        }

        if (known.Count > Most)
        {
            return null;
        }

        var column = known.Keys.Build();
        map.AddAll(column, new int[column.Length]);
        return map;
    }
}
