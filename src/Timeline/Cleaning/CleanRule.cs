namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a cleaner keeps, by Hudi's policies and defaults (HoodieCleanConfig).</summary>
/// <param name="Policy">One of <see cref="CleanPolicies"/>.</param>
internal sealed record CleanRule(string Policy = CleanPolicies.Commits)
{
    /// <summary>hoodie.clean.commits.retained.</summary>
    public int Commits { get; init; } = 10;

    /// <summary>hoodie.clean.fileversions.retained.</summary>
    public int FileVersions { get; init; } = 3;

    /// <summary>hoodie.clean.hours.retained.</summary>
    public int Hours { get; init; } = 24;

    /// <summary>Whether only partitions are looked at that were written since the last clean (hoodie.clean.incremental.enabled).</summary>
    public bool Incremental { get; init; } = true;

    /// <summary>
    /// The oldest write whose files all stay (CleanerUtils.getEarliestCommitToRetain); null where nothing is to be cleaned by age. It never lies after the first pending write or service:
    /// what that one stands on stays until it ends.
    /// </summary>
    /// <param name="timeline">As loaded.</param>
    /// <param name="now">The clock.</param>
    public Instant? EarliestToRetain(ActiveTimeline timeline, DateTimeOffset now)
    {
        var completed = timeline.CompletedWrites.ToList();
        Instant? earliest = null;
        if (Policy == CleanPolicies.Commits && completed.Count > Commits)
        {
            earliest = completed[completed.Count - Commits];
        }
        else if (Policy == CleanPolicies.Hours)
        {
            var since = InstantTimes.Format(TimeZoneInfo.ConvertTime(now, timeline.Layout.Zone).DateTime.AddHours(-Hours));
            earliest = completed.FirstOrDefault(i => string.CompareOrdinal(i.RequestedTime, since) >= 0);
        }

        var pending = timeline.Pending.FirstOrDefault(i => Actions.IsWrite(i.Action) || Actions.IsService(i.Action));
        return earliest is null || pending is null || string.CompareOrdinal(earliest.RequestedTime, pending.RequestedTime) <= 0
            ? earliest
            : completed.LastOrDefault(i => string.CompareOrdinal(i.RequestedTime, pending.RequestedTime) < 0);
    }
}
