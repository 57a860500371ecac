using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Cleans the metadata table (HoodieBackedTableMetadataWriter.cleanIfNecessary): of each file group two slices stay, so that a reader who began before a compaction still finds what it listed.
/// </summary>
/// <param name="folder">The metadata table.</param>
internal sealed class MetadataCleaning(MetadataFolder folder)
{
    /// <summary>Instants after a compaction before anything is cleaned: readers may still be at what it took up.</summary>
    private const int InstantsAfterCompaction = 3;

    /// <summary>In version 6, after the data table's instant (HoodieTableMetadataUtil.OperationSuffix).</summary>
    private const string Suffix = "002";

    // HoodieMetadataWriteUtils.createMetadataWriteConfig of Hudi 1.2.
    private static readonly CleanRule Rule = new(CleanPolicies.FileVersions) { FileVersions = 2 };

    /// <param name="timeline">The metadata table's.</param>
    /// <param name="instant">The data table's instant that comes next.</param>
    /// <param name="cancellationToken">Ends the work; the next run finishes it.</param>
    /// <returns>Whether there was something to clean.</returns>
    public async ValueTask<bool> RunAsync(ActiveTimeline timeline, string instant, CancellationToken cancellationToken)
    {
        var client = folder.Client;
        var pending = timeline.Pending.FirstOrDefault(i => i.Action == Actions.Clean);
        if (pending is null && IsDue(timeline) && await new CleanPlanner(client, new FileSystemView(client, timeline), Rule).PlanAsync(cancellationToken) is { IsEmpty: false } plan)
        {
            var planned = new Instant(client.Layout.OrdersByCompletion ? await folder.NewInstantAsync(cancellationToken) : instant + Suffix, Actions.Clean, InstantState.Requested);
            pending = await client.TryRequestAsync(planned, plan.Write(), cancellationToken) ? planned : null;
        }

        if (pending is not null)
        {
            await new CleanRun(client, (inflight, metadata, token) => client.CompleteAsync(inflight, metadata.Write(), token)).ExecuteAsync(pending, new FileSystemView(client, timeline), cancellationToken);
        }

        return pending is not null;
    }

    // Looked at now and then: between two compactions there is something to clean once at most.
    private static bool IsDue(ActiveTimeline timeline)
    {
        var last = timeline.Instants.LastOrDefault(i => i is { IsCompleted: true, Action: Actions.Commit })?.RequestedTime;
        int since = timeline.Instants.Count(i => i.IsCompleted && string.CompareOrdinal(i.RequestedTime, last) > 0);
        return last is not null && since >= InstantsAfterCompaction && since % InstantsAfterCompaction == 0
            && !timeline.Instants.Any(i => i.IsCompleted && i.Action == Actions.Clean && string.CompareOrdinal(i.RequestedTime, last) > 0);
    }
}
