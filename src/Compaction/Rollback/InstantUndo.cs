using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Takes one instant off the table, as rollbacks do and restores (BaseRollbackActionExecutor): a completed one is made inflight first, from when on no reader sees it; then its part of the
/// metadata table goes, its files, and last its files on the timeline. Interrupted anywhere and repeated, it ends the same.
/// </summary>
internal sealed class InstantUndo(TimelineClient client)
{
    /// <param name="completed">The instant where it is completed, else null.</param>
    /// <param name="plan">What is to be deleted.</param>
    /// <param name="files">Those of the instant.</param>
    /// <param name="rollback">The rollback's requested time.</param>
    /// <param name="keepsPlan">Whether a compaction's requested file stays, so that it can run again.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async ValueTask<RollbackMetadata> RunAsync(Instant? completed, RollbackPlan plan, RollbackFiles files, string rollback, bool keepsPlan, CancellationToken cancellationToken)
    {
        var started = client.Environment.Clock.GetTimestamp();
        var pendingAction = await PendingActionAsync(plan, cancellationToken);
        if (completed is not null)
        {
            await client.RevertToInflightAsync(completed, pendingAction, cancellationToken);
        }

        if (pendingAction is Actions.ReplaceCommit or Actions.Clustering)
        {
            await HashingMetadata.RemoveAsync(client.Store, plan.Instant, cancellationToken);
        }

        // While the instant is pending: then no reader of the metadata table looks for what it added.
        await MetadataWriter.RollBackAsync(client, plan.Instant, rollback, cancellationToken);
        var done = await files.ExecuteAsync(plan, rollback, cancellationToken);
        await client.DeletePendingAsync(new Instant(plan.Instant, pendingAction, InstantState.Inflight), cancellationToken);
        if (!keepsPlan)
        {
            await client.DeletePendingAsync(new Instant(plan.Instant, pendingAction, InstantState.Requested), cancellationToken);
        }

        return new RollbackMetadata(rollback, (long)client.Environment.Clock.GetElapsedTime(started).TotalMilliseconds, plan.Instant, plan.Action, done);
    }

    /// <summary>The action in the names of the instant's earlier files: a compaction completes as a commit, a log compaction as a delta commit, a clustering as a replace commit (TimelineUtils.getInflightInstant).</summary>
    private async ValueTask<string> PendingActionAsync(RollbackPlan plan, CancellationToken cancellationToken)
    {
        var service = plan.Action switch
        {
            Actions.Commit => Actions.Compaction,
            Actions.DeltaCommit => Actions.LogCompaction,
            Actions.ReplaceCommit when client.Layout.Version > 1 => Actions.Clustering,
            _ => null,
        };
        return service is not null && await client.Store.GetInfoAsync(client.PathOf(new Instant(plan.Instant, service, InstantState.Requested)), cancellationToken) is not null ? service : plan.Action;
    }
}
