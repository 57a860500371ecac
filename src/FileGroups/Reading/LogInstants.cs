using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Which blocks of log files a read takes up.</summary>
/// <param name="Timeline">As loaded: tells which writes are committed.</param>
/// <param name="AsOf">Only blocks of instants requested by then; null: all.</param>
/// <param name="Range">Only blocks of these writes; null: all.</param>
/// <param name="Before">Only blocks of instants requested before then; null: all.</param>
/// <param name="Selected">Whether only blocks that count are given: those of a metadata table, whose instants are also the data table's.</param>
internal sealed record LogInstants(ActiveTimeline Timeline, string? AsOf = null, IncrementalRange? Range = null, string? Before = null, bool Selected = false)
{
    // Also where files are named by their instants: a table that was upgraded from version 6 still has logs that are named by their slice.
    public bool Includes(string instant) =>
        (AsOf is null || string.CompareOrdinal(instant, AsOf) <= 0)
        && (Before is null || string.CompareOrdinal(instant, Before) < 0)
        && (Range is null || Range.Contains(instant, Timeline))
        && (Selected || Timeline.ContainsOrBeforeTimelineStarts(instant));
}
