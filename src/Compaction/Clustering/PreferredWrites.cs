using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Where ingestion comes first, a clustering that is about to complete gives way to writes under way that are going to change its file groups, as their inflight files say
/// (PreferWriterConflictResolutionStrategy, of which only clusterings ask: BaseHoodieTableServiceClient.completeClustering). Those that completed since it was planned it finds by its slices.
/// </summary>
internal static class PreferredWrites
{
    /// <exception cref="LakehouseException">Conflict, with the write's instant.</exception>
    public static async ValueTask CheckAsync(TimelineClient client, ActiveTimeline now, Instant clustering, ClusteringPlan plan, CancellationToken cancellationToken)
    {
        if (!client.Locks.HasOtherWriters || client.Locks.Options.ConflictResolution != ConflictResolution.PreferWriter)
        {
            return;
        }

        var mine = plan.Groups.SelectMany(g => g.Slices).Select(s => (s.PartitionPath, s.FileId)).ToHashSet();
        foreach (var write in now.Pending.Where(i => i.State == InstantState.Inflight && Actions.IsWrite(i.Action) && i.RequestedTime != clustering.RequestedTime))
        {
            var profile = await client.ReadCommitMetadataAsync(write, cancellationToken);
            if (profile.PartitionToWriteStats.SelectMany(p => p.Value.Select(s => (Partition: p.Key, FileId: s.FileId ?? string.Empty))).FirstOrDefault(mine.Contains) is { FileId: { } fileId } both)
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Conflict,
                    $"The clustering gives way to the {write.Action} {write.RequestedTime}, which is changing file group {fileId} of partition '{both.Partition}'",
                    client.Store.Root,
                    instant: write.RequestedTime,
                    remedy: "Roll the clustering back (cluster --rollback) and plan another when the write is done");
            }
        }
    }
}
