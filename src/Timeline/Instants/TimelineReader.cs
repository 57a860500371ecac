namespace OllaLab.Lakehouse.Timelines;

/// <summary>From a folder's names to the timeline: 30 000 names in a few milliseconds, one <see cref="Instant"/> for each instant rather than for each file.</summary>
internal static class TimelineReader
{
    /// <summary>Keeps, of each (requested time, comparable action), the file of the highest state (TimelineLayout.filterHoodieInstants).</summary>
    /// <param name="layout">The table's layout.</param>
    /// <param name="names">All names in the timeline's folder; what is no timeline file is passed over, so is *.tmp and *.crc.</param>
    public static ActiveTimeline Read(ITimelineLayout layout, IEnumerable<string> names)
    {
        var parsed = new List<Entry>();
        List<string>? unknown = null;
        foreach (var name in names)
        {
            if (!StartsLikeInstant(name) || name.EndsWith(".tmp", StringComparison.Ordinal) || name.EndsWith(".crc", StringComparison.Ordinal) || !layout.TryParse(name, out var instant))
            {
                continue;
            }

            if (!Actions.IsKnown(instant.Action))
            {
                (unknown ??= []).Add(name);
            }
            else if (IsTimelineFile(name, instant))
            {
                parsed.Add(new Entry(Key(instant.RequestedTime), instant, layout.ComparableAction(instant.Action)));
            }
        }

        parsed.Sort();
        var instants = new List<Instant>();
        for (int i = 0; i < parsed.Count; i++)
        {
            // The last of its group has the highest state.
            if (i + 1 == parsed.Count || !parsed[i].SameAs(parsed[i + 1]))
            {
                instants.Add(parsed[i].Instant);
            }
        }

        return new ActiveTimeline(layout, instants, unknown);
    }

    private static bool StartsLikeInstant(string name) => name.Length > 0 && char.IsAsciiDigit(name[0]);

    /// <summary>
    /// Hudi reads only names that it would write (VALID_EXTENSIONS_IN_ACTIVE_TIMELINE): no T.commit.inflight, no T.savepoint.requested, no completed clustering.
    /// </summary>
    private static bool IsTimelineFile(string name, Instant instant) => instant switch
    {
        { Action: Actions.Commit, State: InstantState.Inflight } => name.Length == instant.RequestedTime.Length + ".inflight".Length,
        { Action: Actions.Savepoint, State: InstantState.Requested } => false,
        { IsCompleted: true } => instant.Action is not (Actions.Clustering or Actions.Compaction or Actions.LogCompaction),
        _ => true,
    };

    /// <summary>The first 19 digits, left-aligned: orders as the text does, but for ties (a time and its extension by zeros).</summary>
    private static ulong Key(string digits)
    {
        ulong key = 0;
        for (int i = 0; i < 19; i++)
        {
            key = (key * 10) + (i < digits.Length ? (ulong)(digits[i] - '0') : 0);
        }

        return key;
    }

    private readonly struct Entry(ulong key, Instant instant, string comparable) : IComparable<Entry>
    {
        private readonly ulong key = key;
        private readonly string comparable = comparable;

        public readonly Instant Instant = instant;

        public bool SameAs(Entry other) => key == other.key && comparable == other.comparable && Instant.RequestedTime == other.Instant.RequestedTime;

        public int CompareTo(Entry other)
        {
            int order = key.CompareTo(other.key);
            if (order == 0)
            {
                order = string.CompareOrdinal(Instant.RequestedTime, other.Instant.RequestedTime);
            }

            if (order == 0 && !ReferenceEquals(comparable, other.comparable))
            {
                order = string.CompareOrdinal(comparable, other.comparable);
            }

            return order != 0 ? order : Instant.State.CompareTo(other.Instant.State);
        }
    }
}
