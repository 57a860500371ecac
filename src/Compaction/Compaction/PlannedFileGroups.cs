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
            switch (instant.Action)
            {
                case Actions.Compaction or Actions.LogCompaction:
                    var plan = await client.ReadCompactionPlanAsync(instant, cancellationToken);
                    planned.UnionWith(plan.Operations.Select(o => (o.PartitionPath, o.FileId)));
                    break;
                case Actions.ReplaceCommit or Actions.Clustering:
                    planned.UnionWith(await ReadClusteringAsync(client, instant, cancellationToken));
                    break;
            }
        }

        return planned;
    }

    // HoodieRequestedReplaceMetadata; a replace commit that is no clustering has no plan.
    private static async ValueTask<IEnumerable<(string, string)>> ReadClusteringAsync(TimelineClient client, Instant instant, CancellationToken cancellationToken)
    {
        var content = await client.ReadAsync(instant with { State = InstantState.Requested }, cancellationToken);
        if (content.IsEmpty)
        {
            return [];
        }

        return AvroValue.Read(content.Span).Record("clusteringPlan").List("inputGroups")
            .OfType<IReadOnlyDictionary<string, object?>>()
            .SelectMany(g => g.List("slices"))
            .OfType<IReadOnlyDictionary<string, object?>>()
            .Select(s => (s.Text("partitionPath") ?? string.Empty, s.Text("fileId") ?? string.Empty));
    }
}
