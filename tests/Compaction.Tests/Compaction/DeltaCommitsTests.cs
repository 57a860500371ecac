using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

/// <summary>When a compaction is due.</summary>
public sealed class DeltaCommitsTests
{
    private const string Day = "20261101";

    [Theory]
    [InlineData(CompactionTrigger.Commits, 3, 99, true)]
    [InlineData(CompactionTrigger.Commits, 4, 0, false)]
    [InlineData(CompactionTrigger.Time, 99, 5, true)]
    [InlineData(CompactionTrigger.Time, 1, 6, false)]
    [InlineData(CompactionTrigger.CommitsAndTime, 3, 5, true)]
    [InlineData(CompactionTrigger.CommitsAndTime, 3, 6, false)]
    [InlineData(CompactionTrigger.CommitsAndTime, 4, 5, false)]
    [InlineData(CompactionTrigger.CommitsOrTime, 4, 5, true)]
    [InlineData(CompactionTrigger.CommitsOrTime, 3, 6, true)]
    [InlineData(CompactionTrigger.CommitsOrTime, 4, 6, false)]
    public void Counts_and_times_are_those_of_the_option(CompactionTrigger trigger, int commits, int minutes, bool due)
    {
        // Three delta commits; the first five minutes ago.
        var timeline = Timeline(Done("00", Actions.DeltaCommit), Done("01", Actions.DeltaCommit), Pending("02", Actions.DeltaCommit));
        Assert.Equal(due, DeltaCommits.IsDue(timeline, new CompactionOptions { Trigger = trigger, DeltaCommits = commits, Elapsed = TimeSpan.FromMinutes(minutes) }, At("05")));
    }

    [Fact]
    public void Counting_begins_at_the_last_compaction()
    {
        var timeline = Timeline(Done("00", Actions.DeltaCommit), Done("01", Actions.Commit), Done("02", Actions.DeltaCommit), Done("03", Actions.DeltaCommit));
        Assert.Equal(new DeltaCommits(2, At("01")), DeltaCommits.SinceCompaction(timeline));
    }

    [Fact]
    public void What_was_completed_while_a_compaction_was_under_way_counts()
    {
        var slow = new Instant(At("00"), Actions.DeltaCommit, InstantState.Completed, At("02"));
        Assert.Equal(1, DeltaCommits.SinceCompaction(Timeline(slow, Done("01", Actions.Commit)))?.Count);
    }

    [Fact]
    public void A_planned_compaction_counts_only_for_the_trigger_by_request()
    {
        var timeline = Timeline(Done("00", Actions.DeltaCommit), Done("01", Actions.DeltaCommit), Pending("02", Actions.Compaction), Done("03", Actions.DeltaCommit));
        Assert.Equal(3, DeltaCommits.SinceCompaction(timeline)?.Count);
        Assert.Equal(1, DeltaCommits.SinceCompactionRequest(timeline)?.Count);
        Assert.False(DeltaCommits.IsDue(timeline, new CompactionOptions { Trigger = CompactionTrigger.CommitsSinceRequest, DeltaCommits = 2 }, At("05")));
        Assert.True(DeltaCommits.IsDue(timeline, new CompactionOptions { DeltaCommits = 2 }, At("05")));
    }

    [Fact]
    public void A_table_without_commits_needs_none() => Assert.Null(DeltaCommits.SinceCompaction(Timeline()));

    private static string At(string minute) => Day + "12" + minute + "00000";

    private static Instant Done(string minute, string action) => new(At(minute), action, InstantState.Completed, Day + "12" + minute + "10000");

    private static Instant Pending(string minute, string action) => new(At(minute), action, InstantState.Inflight);

    private static ActiveTimeline Timeline(params Instant[] instants) => new(TimelineLayout.For(9, ".hoodie/timeline", TimeZoneInfo.Utc), instants);
}
