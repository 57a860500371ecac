using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The metadata table's own table services, run before a delta commit, as Hudi runs them (HoodieBackedTableMetadataWriter.performTableServices).</summary>
internal static class MetadataServices
{
    /// <param name="folder">The metadata table, without delta commits that failed.</param>
    /// <param name="timeline">Its timeline.</param>
    /// <param name="instant">The data table's instant whose delta commit comes next.</param>
    /// <param name="schema">The records' schema, without meta fields.</param>
    /// <param name="cancellationToken">Gives up what is not completed; the next run completes it.</param>
    public static async ValueTask RunAsync(MetadataFolder folder, ActiveTimeline timeline, string instant, string schema, CancellationToken cancellationToken)
    {
        if (await new MetadataCleaning(folder).RunAsync(timeline, instant, cancellationToken))
        {
            timeline = await folder.Client.LoadAsync(cancellationToken: cancellationToken);
        }

        if (await new MetadataCompactionPlanner(folder).NextAsync(timeline, instant, cancellationToken) is { } compaction)
        {
            await new MetadataCompaction(folder, schema).RunAsync(compaction, cancellationToken);
            timeline = await folder.Client.LoadAsync(cancellationToken: cancellationToken);
        }

        await new MetadataArchival(folder).RunAsync(timeline, cancellationToken);
    }
}
