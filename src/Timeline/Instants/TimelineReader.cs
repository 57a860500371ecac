namespace OllaLab.Lakehouse.Timelines;

/// <summary>From a folder's names to the timeline: 30 000 names in a few milliseconds, one <see cref="Instant"/> for each instant rather than for each file.</summary>
internal static class TimelineReader
{
    /// <summary>Keeps, of each (requested time, comparable action), the file of the highest state (TimelineLayout.filterHoodieInstants).</summary>
    /// <param name="layout">The table's layout.</param>
    /// <param name="names">All names in the timeline's folder; what is no timeline file is passed over, so is *.tmp and *.crc.</param>
    public static ActiveTimeline Read(ITimelineLayout layout, IReadOnlyList<string> names)
    {
        var comparable = ComparableCodes(layout);
        var files = new File[names.Count];
        var keys = new ulong[names.Count];
        var order = new int[names.Count];
        int count = 0;
        bool haveKeys = true;
        List<string>? unknown = null;
        foreach (var name in names)
        {
            if (name.Length == 0 || !char.IsAsciiDigit(name[0]) || !InstantName.TryParse(name, layout.Version == 2, out var parsed))
            {
                continue;
            }

            if (parsed.Action == ActionCode.Unknown)
            {
                if (!name.EndsWith(".tmp", StringComparison.Ordinal) && !name.EndsWith(".crc", StringComparison.Ordinal))
                {
                    (unknown ??= []).Add(name);
                }
            }
            else if (parsed.IsTimelineFile(name))
            {
                var code = comparable[(int)parsed.Action];
                haveKeys &= parsed.HasKey;
                keys[count] = parsed.Key(code);
                order[count] = count;
                files[count++] = new File(name, parsed, code);
            }
        }

        if (haveKeys)
        {
            Array.Sort(keys, order, 0, count);
        }
        else
        {
            // Times of 14 or 20 digits among them: compared as text.
            order.AsSpan(0, count).Sort((a, b) => files[a].CompareTo(files[b]));
        }

        var instants = new List<Instant>(count);
        for (int i = 0; i < count; i++)
        {
            // The last of its kind has the highest state.
            if (i + 1 == count || !files[order[i]].IsSameInstant(files[order[i + 1]]))
            {
                instants.Add(files[order[i]].ToInstant());
            }
        }

        return new ActiveTimeline(layout, instants, unknown);
    }

    private static ActionCode[] ComparableCodes(ITimelineLayout layout)
    {
        var codes = new ActionCode[Enum.GetValues<ActionCode>().Length];
        for (int i = 1; i < codes.Length; i++)
        {
            codes[i] = ActionCodes.Of(layout.ComparableAction(ActionCodes.Name((ActionCode)i)));
        }

        return codes;
    }

    /// <summary>A file of the timeline; ordered by time, comparable action, state.</summary>
    private readonly struct File(string name, InstantName parsed, ActionCode comparable)
    {
        private readonly string name = name;
        private readonly InstantName parsed = parsed;
        private readonly ActionCode comparable = comparable;

        public Instant ToInstant() => parsed.ToInstant(name);

        public bool IsSameInstant(File other) => comparable == other.comparable && Time.SequenceEqual(other.Time);

        public int CompareTo(File other)
        {
            int order = Time.SequenceCompareTo(other.Time);
            if (order == 0)
            {
                order = comparable.CompareTo(other.comparable);
            }

            return order != 0 ? order : parsed.State.CompareTo(other.parsed.State);
        }

        private ReadOnlySpan<char> Time => parsed.RequestedTime(name);
    }
}
