using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Archives a table's old instants, under the table's lock, as Hudi does (HoodieTimelineArchiver). The rules are in `src/Timeline/Archived`; here is what the metadata table needs.</summary>
/// <param name="client">The table's timeline.</param>
/// <param name="config">The table.</param>
/// <param name="listing">Where files are learned from as of a timeline; null: the storage.</param>
internal sealed class ArchiveExecutor(TimelineClient client, TableConfig config, Func<ActiveTimeline, IFileListing>? listing)
{
    /// <summary>Archives what it is time for.</summary>
    /// <returns>The instants that were archived.</returns>
    public async Task<IReadOnlyList<Instant>> RunAsync(ArchiveRule rule, CancellationToken cancellationToken) => await client.Locks.RunAsync(
        async section =>
        {
            var plan = await PlanAsync(rule, cancellationToken);
            if (plan.Instants.Count == 0 || !await LateFiles.DeleteAsync(client, cancellationToken))
            {
                return [];
            }

            await new ArchiveRun(client, rule).RunAsync(plan, section.RequireHeldAsync, cancellationToken);
            return plan.Instants;
        },
        cancellationToken);

    /// <summary>What <see cref="RunAsync"/> would archive.</summary>
    public async ValueTask<ArchivePlan> PlanAsync(ArchiveRule rule, CancellationToken cancellationToken)
    {
        // Completion times of a table that came from version 6 are those of its files.
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        if (timeline.UnknownFiles.Count > 0)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "the timeline holds an action that is not known", client.Store.Root, client.Layout.Folder + "/" + timeline.UnknownFiles[0], remedy: "Archive this table with the engine that made the file");
        }

        return await BoundsAsync(timeline, cancellationToken) is { } bounds
            ? await new ArchivePlanner(client, new FileSystemView(client, timeline, listing?.Invoke(timeline)), rule).SelectAsync(bounds, cancellationToken)
            : new ArchivePlan([], new HashSet<(string, string)>());
    }

    /// <summary>
    /// Readers of the metadata table ask the data table's timeline which of its log blocks count: what came since its last compaction stays. Null: it was never compacted, and nothing is archived.
    /// </summary>
    private async ValueTask<IReadOnlyList<string>?> BoundsAsync(ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        if (!config.MetadataPartitions.Contains(MetadataPartitions.Files))
        {
            return [];
        }

        var metadata = await new MetadataFolder(client, config).Client.LoadAsync(cancellationToken: cancellationToken);
        if (metadata.Instants.LastOrDefault(i => i.IsCompleted && i.Action == Actions.Commit) is not { } compaction)
        {
            return null;
        }

        bool byCompletion = client.Layout.OrdersByCompletion;
        var since = timeline.CompletedWrites.FirstOrDefault(i => string.CompareOrdinal(byCompletion ? i.CompletionTime ?? i.RequestedTime : i.RequestedTime, compaction.RequestedTime) > 0);
        return since is null ? [] : [since.RequestedTime];
    }
}
