using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>When a log compaction is due, and of which slices (ScheduleCompactionActionExecutor.needLogCompact, HoodieLogCompactionPlanGenerator).</summary>
internal static class LogCompactionTrigger
{
    /// <summary>As many delta commits as the threshold asks for, since the last compaction and since the last log compaction.</summary>
    public static async ValueTask<bool> IsDueAsync(TimelineClient client, ActiveTimeline timeline, CompactionOptions options, CancellationToken cancellationToken)
    {
        if (DeltaCommits.SinceCompaction(timeline) is not { } commits || commits.Count < options.LogBlocksThreshold)
        {
            return false;
        }

        // A completed log compaction is a delta commit, which only its content tells apart.
        foreach (var latest in timeline.Instants.Where(i => i.Action == Actions.DeltaCommit).TakeLast(options.LogBlocksThreshold))
        {
            if (latest.IsCompleted && (await client.ReadCommitMetadataAsync(latest, cancellationToken)).OperationType == WriteOperations.LogCompact)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Those slices whose logs have blocks enough, and none of some columns only.</summary>
    public static async ValueTask<IReadOnlyList<FileSlice>> WithBlocksAsync(
        TimelineClient client, ActiveTimeline timeline, IReadOnlyList<FileSlice> slices, CompactionOptions options, CancellationToken cancellationToken)
    {
        var chosen = new List<FileSlice>();
        foreach (var slice in slices)
        {
            var blocks = await LogScan.SelectAsync(client.Store, slice.Logs, new LogInstants(timeline), cancellationToken);
            if (blocks.Count >= options.LogBlocksThreshold && !blocks.Any(b => b.IsPartial))
            {
                chosen.Add(slice);
            }
        }

        return chosen;
    }
}
