using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Cleans a table: cleans that were begun and left are finished, then one is planned and executed (BaseHoodieTableServiceClient.clean).</summary>
/// <param name="client">The table's timeline.</param>
/// <param name="config">The table.</param>
/// <param name="source">The table's columns.</param>
/// <param name="listing">Where files are learned from as of a timeline; null: the storage.</param>
internal sealed class CleanExecutor(TimelineClient client, TableConfig config, MetadataSource source, Func<ActiveTimeline, IFileListing>? listing)
{
    private readonly CleanRun run = new(client, (inflight, metadata, stop) => MetadataWriter.CompleteAsync(client, inflight, metadata, source, stop));

    /// <param name="options">What is kept.</param>
    /// <param name="always">Whether one is planned also when none is due yet.</param>
    /// <param name="timeline">As just loaded; null: it is loaded.</param>
    /// <param name="cancellationToken">Ends the work; the next run goes on.</param>
    public async Task<IReadOnlyList<CleanResult>> RunAsync(CleanOptions options, bool always, ActiveTimeline? timeline, CancellationToken cancellationToken)
    {
        var done = new List<CleanResult>();
        timeline = timeline is null ? await LoadAsync(cancellationToken) : Checked(timeline);
        foreach (var pending in timeline.Pending.Where(i => i.Action == Actions.Clean).ToList())
        {
            if (await client.Locks.Heartbeats.IsAliveAsync(pending, client.Layout, cancellationToken))
            {
                // Another process is at it.
                return done;
            }

            if (await DropEmptyAsync(pending, cancellationToken))
            {
                continue;
            }

            done.Add(await ExecuteAsync(timeline, pending, cancellationToken));
            timeline = await LoadAsync(cancellationToken);
        }

        // No two processes plan at once: the second would plan the same again.
        var (requested, plan) = client.Locks.HasOtherWriters
            ? await client.Locks.RunAsync(async _ => await RequestAsync(await LoadAsync(cancellationToken), options, always, cancellationToken), cancellationToken)
            : await RequestAsync(timeline, options, always, cancellationToken);
        if (requested is not null)
        {
            done.Add(await ExecuteAsync(await LoadAsync(cancellationToken), requested, cancellationToken, plan));
        }

        return done;
    }

    private async ValueTask<(Instant? Requested, CleanPlan? Plan)> RequestAsync(ActiveTimeline timeline, CleanOptions options, bool always, CancellationToken cancellationToken)
    {
        var planner = new CleanPlanner(client, ViewOf(timeline), options.Rule);
        if (timeline.Pending.Any(i => i.Action == Actions.Clean) || (!always && !await planner.IsDueAsync(options.TriggerCommits, cancellationToken)))
        {
            return default;
        }

        var plan = await planner.PlanAsync(cancellationToken);
        return plan.IsEmpty ? default : (await run.RequestAsync(timeline, plan, cancellationToken), plan);
    }

    /// <summary>What <see cref="RunAsync"/> would do.</summary>
    public async Task<IReadOnlyList<CleanResult>> PlanAsync(CleanOptions options, CancellationToken cancellationToken)
    {
        var timeline = await LoadAsync(cancellationToken);
        var plans = new List<CleanPlan>();
        foreach (var pending in timeline.Pending.Where(i => i.Action == Actions.Clean))
        {
            plans.Add(await client.ReadCleanPlanAsync(pending, cancellationToken));
        }

        plans.Add(await new CleanPlanner(client, ViewOf(timeline), options.Rule).PlanAsync(cancellationToken));
        return [.. plans.Where(p => !p.IsEmpty).Select(p => new CleanResult
        {
            EarliestCommitRetained = p.EarliestToRetain?.Time,
            Files = [.. p.Files.SelectMany(f => f.Value.Select(path => ObjectPath.Join(f.Key, path[(path.LastIndexOf('/') + 1)..])))],
            Partitions = p.PartitionsToBeDeleted,
        })];
    }

    private FileSystemView ViewOf(ActiveTimeline timeline) => new(client, timeline, listing?.Invoke(timeline), changeData: true);

    private async ValueTask<ActiveTimeline> LoadAsync(CancellationToken cancellationToken) => Checked(await client.LoadAsync(cancellationToken: cancellationToken));

    private ActiveTimeline Checked(ActiveTimeline timeline)
    {
        if (timeline.UnknownFiles.Count > 0)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "the timeline holds an action that is not known", client.Store.Root, client.Layout.Folder + "/" + timeline.UnknownFiles[0], remedy: "Clean this table with the engine that made the file");
        }

        if (timeline.Pending.FirstOrDefault(i => i.Action == Actions.Restore) is { } restore)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "a restore of this table was not finished: what it needs must not be cleaned", config.Root, client.PathOf(restore), restore.RequestedTime, "Finish the restore first");
        }

        return timeline;
    }

    private async Task<CleanResult> ExecuteAsync(ActiveTimeline timeline, Instant planned, CancellationToken cancellationToken, CleanPlan? plan = null)
    {
        var (completed, metadata) = await run.ExecuteAsync(planned, ViewOf(timeline), cancellationToken, plan);
        return new CleanResult
        {
            Instant = completed.RequestedTime,
            CompletionTime = completed.CompletionTime,
            EarliestCommitRetained = metadata.EarliestCommitToRetain is { Length: > 0 } earliest ? earliest : null,
            Files = [.. metadata.Partitions.SelectMany(p => p.Value.DeletedFiles.Select(name => ObjectPath.Join(p.Key, name)))],
            Partitions = [.. metadata.Partitions.Where(p => p.Value.IsPartitionDeleted).Select(p => p.Key)],
        };
    }

    /// <summary>A plan that another engine did not get to write is taken off the timeline, as Hudi does: nothing was deleted by it.</summary>
    private async ValueTask<bool> DropEmptyAsync(Instant pending, CancellationToken cancellationToken)
    {
        if (!(await client.ReadAsync(pending with { State = InstantState.Requested }, cancellationToken)).IsEmpty)
        {
            return false;
        }

        foreach (var state in new[] { InstantState.Inflight, InstantState.Requested })
        {
            await client.DeletePendingAsync(pending with { State = state }, cancellationToken);
        }

        return true;
    }
}
