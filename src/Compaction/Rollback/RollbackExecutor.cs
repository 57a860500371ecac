using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Takes back writes that failed, and on request the latest one that did not (BaseRollbackActionExecutor, CopyOnWriteRollbackActionExecutor, MergeOnReadRollbackActionExecutor). May be interrupted anywhere and repeated:
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

            done.Add(await ExecuteAsync(timeline, rollback, plan, cancellationToken));
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

    /// <summary>Rolls back one instant: a failed write, or the latest completed write.</summary>
    /// <exception cref="LakehouseException">
    /// Not there; not the latest; savepointed; the table has a metadata table; a compaction; the files that would have to take the place of the commit's were cleaned.
    /// </exception>
    public async ValueTask<RollbackMetadata> RollBackAsync(string instant, CancellationToken cancellationToken = default)
    {
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        RefuseUnknown(timeline);
        if (timeline.Pending.FirstOrDefault(i => i.RequestedTime == instant) is { } pending && await IsFailedWriteAsync(pending, cancellationToken))
        {
            if (client.Locks.HasOtherWriters)
            {
                return await RollBackPendingAsync(timeline, pending, cancellationToken);
            }

            (_, var failed) = await RollBackFailedWritesAsync(timeline, cancellationToken);
            return failed.First(m => m.Instant == instant);
        }

        (timeline, _) = await RollBackFailedWritesAsync(timeline, cancellationToken);
        var completed = timeline.FindCompletedWrite(instant)
            ?? throw new LakehouseException(LakehouseErrorKind.NotFound, "the active timeline has no write of this instant", client.Store.Root, client.Layout.Folder, instant, "List the instants with 'timeline'");
        var metadata = await client.ReadCommitMetadataAsync(completed, cancellationToken);
        await CheckAsync(timeline, completed, metadata, cancellationToken);
        var requests = await new RollbackFiles(client.Store, client.Layout, instant, completed.Action).FindByListingAsync(metadata, cancellationToken);
        var plan = new RollbackPlan(instant, completed.Action, requests);
        var rollback = await client.RequestAsync(timeline, Actions.Rollback, plan.Write(), cancellationToken);
        return await ExecuteAsync(timeline, rollback, plan, cancellationToken);
    }

    private async ValueTask<RollbackMetadata> RollBackPendingAsync(ActiveTimeline timeline, Instant failed, CancellationToken cancellationToken)
    {
        // What was only requested has not written anything yet (BaseRollbackPlanActionExecutor).
        IReadOnlyList<RollbackRequest> requests = failed.State == InstantState.Requested
            ? []
            : await new RollbackFiles(client.Store, client.Layout, failed.RequestedTime, failed.Action).FindForPendingAsync(cancellationToken);
        var plan = new RollbackPlan(failed.RequestedTime, failed.Action, requests);
        var rollback = await client.RequestAsync(timeline, Actions.Rollback, plan.Write(), cancellationToken);
        return await ExecuteAsync(timeline, rollback, plan, cancellationToken);
    }

    private async ValueTask<RollbackMetadata> ExecuteAsync(ActiveTimeline timeline, Instant rollback, RollbackPlan plan, CancellationToken cancellationToken)
    {
        var started = client.Environment.Clock.GetTimestamp();
        if (timeline.Savepoints.Contains(plan.Instant))
        {
            throw Refusal("a savepointed commit cannot be rolled back", plan.Instant, "Delete the savepoint first");
        }

        var inflight = rollback.State == InstantState.Requested ? await client.StartAsync(rollback, cancellationToken: cancellationToken) : rollback;
        var pendingAction = await PendingActionAsync(plan, cancellationToken);
        if (timeline.FindCompletedWrite(plan.Instant) is { } completed)
        {
            // A rollback that someone began and left: what was written meanwhile may stand on the commit.
            RefuseLater(timeline, completed);
            await client.RevertToInflightAsync(completed, pendingAction, cancellationToken);
        }

        // While the instant is pending: then no reader of the metadata table looks for what it added.
        await MetadataWriter.RollBackAsync(client, plan.Instant, rollback.RequestedTime, cancellationToken);

        var done = await new RollbackFiles(client.Store, client.Layout, plan.Instant, plan.Action).ExecuteAsync(plan, rollback.RequestedTime, cancellationToken);
        await client.DeletePendingAsync(new Instant(plan.Instant, pendingAction, InstantState.Inflight), cancellationToken);
        if (pendingAction != Actions.Compaction)
        {
            await client.DeletePendingAsync(new Instant(plan.Instant, pendingAction, InstantState.Requested), cancellationToken);
        }

        var taken = (long)client.Environment.Clock.GetElapsedTime(started).TotalMilliseconds;
        var metadata = new RollbackMetadata(rollback.RequestedTime, taken, plan.Instant, plan.Action, done);
        if (config.Version < 8)
        {
            await MetadataWriter.AddRollbackAsync(client, metadata, cancellationToken);
        }

        await client.CompleteAsync(inflight, metadata.Write(), cancellationToken);
        await new Markers(client.Store, plan.Instant).DeleteAsync(cancellationToken);
        return metadata;
    }

    /// <summary>The action in the names of the instant's earlier files: a clustering completes as a replace commit.</summary>
    private async ValueTask<string> PendingActionAsync(RollbackPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Action != Actions.ReplaceCommit || client.Layout.Version == 1)
        {
            return plan.Action;
        }

        var clustering = new Instant(plan.Instant, Actions.Clustering, InstantState.Requested);
        return await client.Store.GetInfoAsync(client.PathOf(clustering), cancellationToken) is null ? plan.Action : Actions.Clustering;
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
