using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The metadata table's own table services, run before a delta commit, as Hudi runs them (HoodieBackedTableMetadataWriter.performTableServices).</summary>
internal static class MetadataServices
{
    /// <param name="folder">The metadata table, without delta commits that failed.</param>
    /// <param name="timeline">Its timeline.</param>
    /// <param name="data">The data table's, as it is under the lock; null: it is loaded where it is needed.</param>
    /// <param name="instant">The data table's instant whose delta commit comes next.</param>
    /// <param name="schema">The records' schema, without meta fields.</param>
    /// <param name="cancellationToken">Gives up what is not completed; the next run completes it.</param>
    /// <returns>Whether its timeline has changed.</returns>
    public static async ValueTask<bool> RunAsync(MetadataFolder folder, ActiveTimeline timeline, ActiveTimeline? data, string instant, string schema, CancellationToken cancellationToken)
    {
        bool hasCleaned = await new MetadataCleaning(folder).RunAsync(timeline, instant, cancellationToken);
        if (hasCleaned)
        {
            timeline = await folder.Client.LoadAsync(cancellationToken: cancellationToken);
        }

        bool hasCompacted = false;
        if (await new MetadataCompactionPlanner(folder).NextAsync(timeline, data, instant, cancellationToken) is { } compaction)
        {
            await new MetadataCompaction(folder, schema).RunAsync(compaction, cancellationToken);
            hasCompacted = true;
            timeline = await folder.Client.LoadAsync(cancellationToken: cancellationToken);
        }

        return await new MetadataArchival(folder).RunAsync(timeline, data, cancellationToken) || hasCompacted || hasCleaned;
    }
}
