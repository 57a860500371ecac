namespace OllaLab.Lakehouse.Timelines;

/// <summary>The writes that an incremental query returns (IncrementalQueryAnalyzer).</summary>
/// <param name="Instants">Completed writes in the range, archived ones too, in the order in which they took effect.</param>
/// <param name="IncludesArchived">Whether archived writes are among them: then their rows are found by a scan of all slices, whose rows tell their commits.</param>
/// <param name="IncludesAllArchived">Whether all writes older than the active timeline are in the range, whether or not they are named.</param>
internal sealed record IncrementalRange(IReadOnlyList<Instant> Instants, bool IncludesArchived, bool IncludesAllArchived = false)
{
    private readonly HashSet<string> times = [.. Instants.Select(i => i.RequestedTime)];

    /// <summary>Whether a row with this _hoodie_commit_time belongs to the answer.</summary>
    public bool Contains(string commitTime, ActiveTimeline timeline) => times.Contains(commitTime) || (IncludesAllArchived && timeline.IsBeforeStart(commitTime));
}
