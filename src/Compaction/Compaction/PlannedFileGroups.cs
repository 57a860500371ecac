using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>File groups that a service not completed yet will rewrite: no other may plan them (FileSystemView's pending compaction, log compaction and clustering operations).</summary>
internal static class PlannedFileGroups
{
    /// <param name="client">The table's timeline.</param>
    /// <param name="timeline">As loaded.</param>
    /// <param name="action">What is to be planned. A compaction overtakes log compactions that have not begun: these are taken off the timeline then instead of being executed.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<HashSet<(string Partition, string FileId)>> ReadAsync(TimelineClient client, ActiveTimeline timeline, string action, CancellationToken cancellationToken)
    {
        var planned = new HashSet<(string, string)>();
        foreach (var instant in timeline.Pending)
        {
            bool overtakes = action == Actions.Compaction && instant is { Action: Actions.LogCompaction, State: InstantState.Requested };
            if (instant.Action is Actions.Compaction or Actions.LogCompaction && !overtakes)
            {
                var plan = await client.ReadCompactionPlanAsync(instant, cancellationToken);
                planned.UnionWith(plan.Operations.Select(o => (o.PartitionPath, o.FileId)));
            }
        }

        planned.UnionWith((await client.ReadClusteredFileGroupsAsync(timeline, cancellationToken)).Keys);
        return planned;
    }
}
