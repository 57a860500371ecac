namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// The completed instants that were archived (HoodieArchivedTimeline), by requested time. What is on the active timeline as well, because an archiving was interrupted, is here too.
/// </summary>
internal sealed class ArchivedTimeline
{
    private readonly Dictionary<string, ArchivedInstant> writes = [];

    /// <param name="instants">In any order; of several entries of one instant the first counts.</param>
    /// <param name="layout">The table's layout.</param>
    public ArchivedTimeline(IEnumerable<ArchivedInstant> instants, ITimelineLayout layout)
    {
        var order = layout.RequestedOrder();
        var all = instants.DistinctBy(i => (i.RequestedTime, i.Instant.Action)).ToList();
        all.Sort((a, b) => order(a.Instant, b.Instant));
        Instants = all;
        foreach (var instant in all.Where(i => Actions.IsWrite(i.Instant.Action)))
        {
            writes[instant.RequestedTime] = instant;
        }
    }

    public IReadOnlyList<ArchivedInstant> Instants { get; }

    /// <summary>When an archived write completed; null where the archive does not know it (any more).</summary>
    public string? CompletionTimeOf(string requestedTime) => writes.GetValueOrDefault(requestedTime)?.Instant.CompletionTime;

    /// <summary>The archived write of a requested time, or null.</summary>
    public ArchivedInstant? FindWrite(string requestedTime) => writes.GetValueOrDefault(requestedTime);

    /// <summary>The writes of an incremental query, in the order in which they took effect: by completion time in layout 2, by requested time in layout 1.</summary>
    public IReadOnlyList<ArchivedInstant> WritesInRange(ITimelineLayout layout, string? beginExclusive, string? endInclusive)
    {
        var found = writes.Values.Where(i => Scale(layout, i.Instant) is var time
            && (beginExclusive is null || string.CompareOrdinal(time, beginExclusive) > 0)
            && (endInclusive is null || string.CompareOrdinal(time, endInclusive) <= 0)).ToList();
        found.Sort((a, b) => string.CompareOrdinal(Scale(layout, a.Instant), Scale(layout, b.Instant)));
        return found;
    }

    private static string Scale(ITimelineLayout layout, Instant instant) => layout.OrdersByCompletion ? instant.CompletionTime ?? instant.RequestedTime : instant.RequestedTime;
}
