using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>File groups that a service not completed yet will rewrite: no other may plan them (FileSystemView's pending compaction, log compaction and clustering operations).</summary>
internal static class PlannedFileGroups
{
    public static async ValueTask<HashSet<(string Partition, string FileId)>> ReadAsync(TimelineClient client, ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var planned = new HashSet<(string, string)>();
        foreach (var instant in timeline.Pending)
        {
            if (instant.Action is Actions.Compaction or Actions.LogCompaction)
            {
                var plan = await client.ReadCompactionPlanAsync(instant, cancellationToken);
                planned.UnionWith(plan.Operations.Select(o => (o.PartitionPath, o.FileId)));
            }
        }

        planned.UnionWith((await client.ReadClusteredFileGroupsAsync(timeline, cancellationToken)).Keys);
        return planned;
    }
}
