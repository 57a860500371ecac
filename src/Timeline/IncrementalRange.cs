namespace OllaLab.Lakehouse.Timelines;

/// <summary>The writes that an incremental query returns (IncrementalQueryAnalyzer).</summary>
/// <param name="Instants">Completed writes of the active timeline in the range, in the order in which they took effect.</param>
/// <param name="IncludesArchived">
/// Whether all writes older than the active timeline are in the range too: their rows are those whose commit time is before its start, found by a scan of all slices.
/// </param>
internal sealed record IncrementalRange(IReadOnlyList<Instant> Instants, bool IncludesArchived)
{
    private readonly HashSet<string> times = [.. Instants.Select(i => i.RequestedTime)];

    /// <summary>Whether a row with this _hoodie_commit_time belongs to the answer.</summary>
    public bool Contains(string commitTime, ActiveTimeline timeline) => times.Contains(commitTime) || (IncludesArchived && timeline.IsBeforeStart(commitTime));
}
