using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Takes back writes that failed, and on request one instant of any kind (BaseRollbackActionExecutor, CopyOnWriteRollbackActionExecutor, MergeOnReadRollbackActionExecutor). May be interrupted anywhere and repeated:
/// the plan is on the timeline before anything is deleted, and a pending rollback is finished before another begins. One writer at a time: what another is still writing counts as failed.
/// </summary>
internal sealed partial class RollbackExecutor(TimelineClient client, TableConfig config)
{
    /// <summary>
    /// What a write does before it begins (failed-writes policy EAGER): finishes pending rollbacks, then rolls back every pending commit and replace commit, the newest first. Pending
    /// compactions, clusterings, cleans and index builds stay as they are. Without anything pending it costs nothing.
    /// </summary>
    /// <param name="timeline">As just loaded.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <returns>The timeline to go on with, and what was rolled back.</returns>
    public async ValueTask<(ActiveTimeline Timeline, IReadOnlyList<RollbackMetadata> Done)> RollBackFailedWritesAsync(ActiveTimeline timeline, CancellationToken cancellationToken = default)
    {
        RefuseUnknown(timeline);
        var done = new List<RollbackMetadata>();
        foreach (var rollback in timeline.Pending.Where(i => i.Action == Actions.Rollback).ToList())
        {
            var plan = await ReadPlanAsync(rollback, cancellationToken);
            if (await IsServiceAsync(timeline, plan, cancellationToken) || !await MayRollBackAsync(rollback, cancellationToken))
            {
                continue;
            }

            done.Add(await ExecuteAsync(timeline, rollback, plan, false, cancellationToken));
            timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        }

        foreach (var failed in timeline.Pending.Reverse().ToList())
        {
            if (await IsFailedWriteAsync(failed, cancellationToken) && await MayRollBackAsync(failed, cancellationToken))
            {
                done.Add(await RollBackPendingAsync(timeline, failed, cancellationToken));
                timeline = await client.LoadAsync(cancellationToken: cancellationToken);
            }
        }

        return (timeline, done);
    }

    private async ValueTask<RollbackMetadata> RollBackPendingAsync(ActiveTimeline timeline, Instant failed, CancellationToken cancellationToken, bool keepsClustering = false)
    {
        var plan = await PlanPendingAsync(failed, usingMarkers: true, cancellationToken, keepsClustering);
        await DropMetadataOfLogsAsync(plan, cancellationToken);
        return await RunAsync(timeline, plan, false, cancellationToken, keepsClustering);
    }

    private async ValueTask<RollbackPlan> PlanPendingAsync(Instant failed, bool usingMarkers, CancellationToken cancellationToken, bool keepsClustering = false)
    {
        var files = new RollbackFiles(client.Store, client.Layout, failed.RequestedTime, failed.Action, keepsClustering);

        // What was only requested has not written anything yet (BaseRollbackPlanActionExecutor), but for the logs of buckets that a clustering was to make.
        bool hasLogs = failed.Action is Actions.Clustering or Actions.ReplaceCommit && await HashingMetadata.IsUsedAsync(client.Store, cancellationToken);
        return new RollbackPlan(
            failed.RequestedTime,
            failed.Action,
            failed.State == InstantState.Requested && !hasLogs ? [] : usingMarkers && (keepsClustering || !hasLogs) ? await files.FindForPendingAsync(cancellationToken) : await files.FindByListingAsync(null, cancellationToken));
    }

    private async ValueTask<RollbackMetadata> RunAsync(ActiveTimeline timeline, RollbackPlan plan, bool dropsPlan, CancellationToken cancellationToken, bool keepsClustering = false) =>
        await ExecuteAsync(timeline, await client.RequestAsync(timeline, Actions.Rollback, plan.Write(), cancellationToken), plan, dropsPlan, cancellationToken, keepsClustering);

    private async ValueTask<RollbackMetadata> ExecuteAsync(
        ActiveTimeline timeline, Instant rollback, RollbackPlan plan, bool dropsPlan, CancellationToken cancellationToken, bool keepsClustering = false)
    {
        if (timeline.Savepoints.Contains(plan.Instant))
        {
            throw Refusal("a savepointed commit cannot be rolled back", plan.Instant, "Delete the savepoint first");
        }

        var inflight = rollback.State == InstantState.Requested ? await client.StartAsync(rollback, cancellationToken: cancellationToken) : rollback;
        var completed = timeline.FindCompletedWrite(plan.Instant);
        if (completed is not null)
        {
            // A rollback that someone began and left: what was written meanwhile may stand on the commit.
            RefuseLater(timeline, completed);
        }

        var files = new RollbackFiles(client.Store, client.Layout, plan.Instant, plan.Action);
        var metadata = await new InstantUndo(client).RunAsync(completed, plan, files, rollback.RequestedTime, keepsClustering || (plan.Action == Actions.Compaction && !dropsPlan), cancellationToken);
        if (config.Version < 8)
        {
            await MetadataWriter.AddRollbackAsync(client, metadata, cancellationToken);
        }

        await client.CompleteAsync(inflight, metadata.Write(), cancellationToken);
        await new Markers(client.Store, plan.Instant).DeleteAsync(cancellationToken);
        return metadata;
    }

    private async ValueTask<RollbackPlan> ReadPlanAsync(Instant rollback, CancellationToken cancellationToken)
    {
        var requested = rollback with { State = InstantState.Requested };
        try
        {
            return RollbackPlan.Read((await client.ReadAsync(requested, cancellationToken)).Span);
        }
        catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.Corrupt)
        {
            throw new LakehouseException(e.Kind, "the plan of a pending rollback cannot be read: " + e.Problem, client.Store.Root, client.PathOf(requested), rollback.RequestedTime, "Let Hudi finish this rollback, or remove its requested and inflight files", e);
        }
    }
}
