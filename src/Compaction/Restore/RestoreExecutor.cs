using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Brings a table back to an instant by rolling back what followed it, the latest first, under one restore instant (BaseRestoreActionExecutor and those below it). Nobody else may write meanwhile.
/// A restore that was interrupted, this engine's or another's, goes on where it stopped when it is asked for again; until then writes are refused.
/// </summary>
internal sealed class RestoreExecutor(TimelineClient client, TableConfig config)
{
    /// <param name="target">Requested time of a completed write.</param>
    /// <param name="options">Whether to do it.</param>
    /// <param name="cancellationToken">Ends the work; it can be gone on with.</param>
    public async ValueTask<RestoreResult> RunAsync(string target, RestoreOptions options, CancellationToken cancellationToken = default)
    {
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        RollbackExecutor.RefuseUnknownFiles(client, timeline);
        var restore = PendingRestore.Of(timeline);
        var plan = restore is null
            ? await new RestorePlanner(client, config, timeline).PlanAsync(target, cancellationToken)
            : await ReadPendingAsync(restore, target, cancellationToken);
        if (options.DryRun)
        {
            return new RestoreResult { Target = target, RolledBack = await DescribeAsync(timeline, plan, cancellationToken) };
        }

        if (restore is null && plan.Instants.Count == 0)
        {
            return new RestoreResult { Target = target };
        }

        var started = client.Environment.Clock.GetTimestamp();
        restore ??= await client.RequestAsync(timeline, Actions.Restore, plan.Write(), cancellationToken);
        var inflight = restore.State == InstantState.Requested ? await client.StartAsync(restore, cancellationToken: cancellationToken) : restore;

        // In version 6 it would have to learn of each log that gets a command block.
        var dropped = config.Version < 8
            ? await MetadataWriter.DropAsync(client, cancellationToken)
            : await MetadataWriter.DropUnlessUndoableAsync(client, [.. plan.Instants.Select(i => i.Instant)], cancellationToken);
        var done = new List<RollbackMetadata>(plan.Instants.Count);
        foreach (var instant in plan.Instants)
        {
            done.Add(await UndoAsync(timeline, instant, cancellationToken));
        }

        await DropStaleAsync(target, cancellationToken);
        var taken = (long)client.Environment.Clock.GetElapsedTime(started).TotalMilliseconds;
        await client.CompleteAsync(inflight, new RestoreMetadata(restore.RequestedTime, taken, done).Write(), cancellationToken);
        return new RestoreResult { Target = target, Instant = restore.RequestedTime, RolledBack = [.. done.Select(RollbackResult.Of)], DroppedMetadataTable = dropped };
    }

    private async ValueTask<RestorePlan> ReadPendingAsync(Instant restore, string target, CancellationToken cancellationToken)
    {
        var plan = await client.ReadRestorePlanAsync(restore, cancellationToken);
        return plan.Target == target
            ? plan
            : throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"a restore to {plan.Target ?? "another instant"} was not finished",
                client.Store.Root,
                client.PathOf(restore),
                restore.RequestedTime,
                plan.Target is null ? "Let the engine that began it finish it" : $"Restore to {plan.Target} first");
    }

    /// <summary>What one instant has on the storage and on the timeline; an earlier run may have taken it back, or some of it.</summary>
    private async ValueTask<RollbackMetadata> UndoAsync(ActiveTimeline before, InstantInfo instant, CancellationToken cancellationToken)
    {
        var rollback = client.NewInstantTime(before);
        var there = before.Find(instant.Instant).FirstOrDefault(i => client.Layout.ComparableAction(i.Action) == client.Layout.ComparableAction(instant.Action));
        var files = Files(instant);
        var plan = new RollbackPlan(instant.Instant, instant.Action, there is null ? [] : await FindAsync(files, there, cancellationToken));
        var done = await new InstantUndo(client).RunAsync(there is { IsCompleted: true } ? there : null, plan, files, rollback, keepsPlan: false, cancellationToken);
        await new Markers(client.Store, instant.Instant).DeleteAsync(cancellationToken);
        return done;
    }

    // Of a compaction the whole slice: the logs that a version 6 table names by it were written after it, and go too (ListingBasedRollbackStrategy, isRestore).
    private RollbackFiles Files(InstantInfo instant) => new(client.Store, client.Layout, instant.Instant, instant.Action == Actions.Compaction ? Actions.Commit : instant.Action);

    private async ValueTask<IReadOnlyList<RollbackRequest>> FindAsync(RollbackFiles files, Instant there, CancellationToken cancellationToken) =>
        await files.FindByListingAsync(there.IsCompleted ? await client.ReadCommitMetadataAsync(there, cancellationToken) : null, cancellationToken);

    /// <summary>
    /// Cleans that were planned after the instant would delete what is the latest now; rollbacks that were begun have nothing left to do.
    /// </summary>
    private async ValueTask DropStaleAsync(string target, CancellationToken cancellationToken)
    {
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        foreach (var stale in timeline.Pending.Where(i => i.Action is Actions.Clean or Actions.Rollback && string.CompareOrdinal(i.RequestedTime, target) > 0))
        {
            await client.DeletePendingAsync(stale with { State = InstantState.Inflight }, cancellationToken);
            await client.DeletePendingAsync(stale with { State = InstantState.Requested }, cancellationToken);
        }
    }

    private async ValueTask<IReadOnlyList<RollbackResult>> DescribeAsync(ActiveTimeline timeline, RestorePlan plan, CancellationToken cancellationToken)
    {
        var described = new List<RollbackResult>(plan.Instants.Count);
        foreach (var instant in plan.Instants)
        {
            var there = timeline.Find(instant.Instant).FirstOrDefault(i => client.Layout.ComparableAction(i.Action) == client.Layout.ComparableAction(instant.Action));
            described.Add(RollbackResult.Of(new RollbackPlan(instant.Instant, instant.Action, there is null ? [] : await FindAsync(Files(instant), there, cancellationToken))));
        }

        return described;
    }
}
