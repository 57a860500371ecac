using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>The delta commits that a compaction would merge, and since when they gather (CompactionUtils.getDeltaCommitsSinceLatestCompaction).</summary>
/// <param name="Count">Delta commits, pending ones among them.</param>
/// <param name="Since">The last compaction's instant; where there was none, the first delta commit's.</param>
internal readonly record struct DeltaCommits(int Count, string Since)
{
    /// <summary>Counts from the last completed commit, which on a merge-on-read table is a compaction or, as in Hudi, a bulk insert. Null on a table with neither.</summary>
    public static DeltaCommits? SinceCompaction(ActiveTimeline timeline) =>
        From(timeline, timeline.Instants.LastOrDefault(i => i.Action is Actions.Commit && i.IsCompleted));

    /// <summary>Counts from the last planned compaction, where one is pending.</summary>
    public static DeltaCommits? SinceCompactionRequest(ActiveTimeline timeline) =>
        timeline.Pending.LastOrDefault(i => i.Action is Actions.Compaction) is { } planned ? From(timeline, planned) : SinceCompaction(timeline);

    /// <summary>Whether a compaction is due.</summary>
    /// <param name="timeline">As loaded.</param>
    /// <param name="options">The trigger.</param>
    /// <param name="now">An instant time of the table.</param>
    public static bool IsDue(ActiveTimeline timeline, CompactionOptions options, string now)
    {
        var found = options.Trigger == CompactionTrigger.CommitsSinceRequest ? SinceCompactionRequest(timeline) : SinceCompaction(timeline);
        if (found is not { } commits)
        {
            return false;
        }

        bool many = commits.Count >= options.DeltaCommits;
        return options.Trigger switch
        {
            CompactionTrigger.Commits or CompactionTrigger.CommitsSinceRequest => many,
            CompactionTrigger.Time => commits.IsOlderThan(options.Elapsed, now),
            CompactionTrigger.CommitsAndTime => many && commits.IsOlderThan(options.Elapsed, now),
            _ => many || commits.IsOlderThan(options.Elapsed, now),
        };
    }

    private static DeltaCommits? From(ActiveTimeline timeline, Instant? last)
    {
        var commits = timeline.Instants.Where(i => i.Action == Actions.DeltaCommit).ToList();
        return last is not null ? new DeltaCommits(commits.Count(i => IsAfter(i, last, timeline)), last.RequestedTime)
            : commits.Count > 0 ? new DeltaCommits(commits.Count, commits[0].RequestedTime)
            : null;
    }

    // In layout 2 a compaction has merged what was completed when it was planned.
    private static bool IsAfter(Instant commit, Instant last, ActiveTimeline timeline) =>
        (timeline.Layout.OrdersByCompletion && !commit.IsCompleted)
        || string.CompareOrdinal(timeline.Layout.OrdersByCompletion ? commit.CompletionTime ?? commit.RequestedTime : commit.RequestedTime, last.RequestedTime) > 0;

    // Hudi compares whole seconds.
    private bool IsOlderThan(TimeSpan elapsed, string now) =>
        InstantTimes.ParseSafely(now) is { } end && InstantTimes.ParseSafely(Since) is { } start
        && Seconds(end) - Seconds(start) >= (long)elapsed.TotalSeconds;

    private static long Seconds(DateTime time) => time.Ticks / TimeSpan.TicksPerSecond;
}
