using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Which blocks of log files a read takes up.</summary>
/// <param name="Timeline">As loaded: tells which writes are committed.</param>
/// <param name="AsOf">Only blocks of instants requested by then; null: all.</param>
/// <param name="Range">Only blocks of these writes; null: all.</param>
/// <param name="Before">Only blocks of instants requested before then; null: all.</param>
internal sealed record LogInstants(ActiveTimeline Timeline, string? AsOf = null, IncrementalRange? Range = null, string? Before = null)
{
    public bool Includes(string instant) =>
        (AsOf is null || string.CompareOrdinal(instant, AsOf) <= 0)
        && (Before is null || string.CompareOrdinal(instant, Before) < 0)
        && (Range is null || Range.Contains(instant, Timeline))
        && (Timeline.Layout.OrdersByCompletion || Timeline.ContainsOrBeforeTimelineStarts(instant));
}
