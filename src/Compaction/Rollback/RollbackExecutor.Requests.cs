using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <content>One instant, on request.</content>
internal sealed partial class RollbackExecutor
{
    /// <summary>
    /// Rolls back one instant: a write that is not completed; the latest completed one, also a compaction or clustering; a planned service. A compaction whose run died goes back to its plan,
    /// and a plan that was not begun goes altogether.
    /// </summary>
    /// <exception cref="LakehouseException">
    /// Not there; not the latest; savepointed; the files that would have to take the place of the instant's were cleaned.
    /// </exception>
    public async ValueTask<RollbackResult> RollBackAsync(string instant, RollbackOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new RollbackOptions();
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        RefuseUnknown(timeline);
        foreach (var rollback in timeline.Pending.Where(i => i.Action == Actions.Rollback))
        {
            var begun = await ReadPlanAsync(rollback, cancellationToken);
            if (begun.Instant == instant)
            {
                return options.DryRun ? RollbackResult.Of(begun) : RollbackResult.Of(await ExecuteAsync(timeline, rollback, begun, false, cancellationToken));
            }
        }

        if (timeline.Pending.FirstOrDefault(i => i.RequestedTime == instant && i.Action is not Actions.Savepoint) is { } pending)
        {
            return await RollBackPendingAsync(timeline, pending, options, cancellationToken);
        }

        if (!options.DryRun)
        {
            (timeline, _) = await RollBackFailedWritesAsync(timeline, cancellationToken);
        }

        var completed = timeline.FindCompletedWrite(instant)
            ?? throw new LakehouseException(LakehouseErrorKind.NotFound, "the active timeline has no write of this instant", client.Store.Root, client.Layout.Folder, instant, "List the instants with 'timeline'");
        var metadata = await client.ReadCommitMetadataAsync(completed, cancellationToken);
        await CheckAsync(timeline, completed, metadata, cancellationToken);
        var requests = await new RollbackFiles(client.Store, client.Layout, instant, completed.Action).FindByListingAsync(metadata, cancellationToken);
        var plan = new RollbackPlan(instant, completed.Action, requests);
        if (options.DryRun)
        {
            return RollbackResult.Of(plan);
        }

        await MetadataWriter.DropUnlessUndoableAsync(client, [instant], cancellationToken);
        return RollbackResult.Of(await RunAsync(timeline, plan, false, cancellationToken));
    }

    private async ValueTask<RollbackResult> RollBackPendingAsync(ActiveTimeline timeline, Instant pending, RollbackOptions options, CancellationToken cancellationToken)
    {
        if (pending.Action is Actions.Clean or Actions.Restore or Actions.Rollback or Actions.SchemaCommit)
        {
            throw Refusal($"a {pending.Action} is not rolled back: it is finished", pending.RequestedTime, "Run the same action again");
        }

        var dropsPlan = pending.State == InstantState.Requested;
        if (pending.Action == Actions.Compaction && dropsPlan)
        {
            await RefuseLogsOfPlanAsync(pending, cancellationToken);
        }

        var plan = await PlanPendingAsync(pending, options.UsingMarkers, cancellationToken);
        if (options.DryRun)
        {
            return RollbackResult.Of(plan);
        }

        if (pending.Action == Actions.Indexing)
        {
            var index = IndexPlan.Read((await client.ReadAsync(pending with { State = InstantState.Requested }, cancellationToken)).Span);
            await MetadataWriter.DropUnfinishedAsync(client, [.. index.Partitions.Select(p => p.Name)], cancellationToken);
        }

        await DropMetadataOfLogsAsync(plan, cancellationToken);
        return RollbackResult.Of(await RunAsync(timeline, plan, dropsPlan, cancellationToken));
    }

    /// <summary>Version 6 names logs by the planned compaction as soon as there is one: without it their slice would have no base file, and hide the one before.</summary>
    private async ValueTask RefuseLogsOfPlanAsync(Instant compaction, CancellationToken cancellationToken)
    {
        if (client.Layout.OrdersByCompletion)
        {
            return;
        }

        foreach (var operation in (await client.ReadCompactionPlanAsync(compaction, cancellationToken)).Operations)
        {
            if (await SliceLogs.LatestVersionAsync(client.Store, operation.PartitionPath, operation.FileId, compaction.RequestedTime, cancellationToken) > 0)
            {
                throw Refusal($"logs were added to the slice of file group {operation.FileId} that this compaction begins", compaction.RequestedTime, "Execute the compaction");
            }
        }
    }
}
