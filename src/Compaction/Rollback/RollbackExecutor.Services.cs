using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <content>Runs of services that died.</content>
internal sealed partial class RollbackExecutor
{
    /// <summary>
    /// Takes back what a run of a compaction or log compaction has written: a rollback of it that someone began is finished; where it is inflight without one, it is rolled back. The plan of a
    /// compaction or clustering stays requested, so that it can run again; a log compaction is gone altogether (HoodieTable.rollbackInflightCompaction, rollbackInflightLogCompaction, rollbackInflightClustering).
    /// </summary>
    /// <param name="timeline">As just loaded.</param>
    /// <param name="planned">The service's instant.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <param name="mine">Whether the run was this process's own.</param>
    /// <returns>Whether there was anything to take back.</returns>
    public async ValueTask<bool> RollBackServiceAsync(ActiveTimeline timeline, Instant planned, CancellationToken cancellationToken = default, bool mine = false)
    {
        var clusters = planned.Action is Actions.Clustering or Actions.ReplaceCommit;
        foreach (var rollback in timeline.Pending.Where(i => i.Action == Actions.Rollback))
        {
            var begun = await ReadPlanAsync(rollback, cancellationToken);
            if (begun.Instant == planned.RequestedTime)
            {
                await ExecuteAsync(timeline, rollback, begun, false, cancellationToken, clusters);
                return true;
            }
        }

        if (!timeline.Pending.Contains(planned with { State = InstantState.Inflight }))
        {
            return false;
        }

        if (!mine && await client.Locks.Heartbeats.IsAliveAsync(planned, client.Layout, cancellationToken))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict, $"another process is at work on this {planned.Action}", client.Store.Root, instant: planned.RequestedTime, remedy: "Leave it to that process; once it is dead for long enough, try again");
        }

        await RollBackPendingAsync(timeline, planned with { State = InstantState.Inflight }, cancellationToken, clusters);
        return true;
    }

    /// <summary>Logs of the buckets that a resizing was to make are listed in the metadata table, by the writes that made them: it is built anew then.</summary>
    private async ValueTask DropMetadataOfLogsAsync(RollbackPlan plan, CancellationToken cancellationToken)
    {
        if (plan.Action is Actions.Clustering or Actions.ReplaceCommit && plan.Requests.Any(r => r.FilesToBeDeleted.Any(f => FileNames.TryParseLogFile(string.Empty, f[(f.LastIndexOf('/') + 1)..], 0, out _))))
        {
            await MetadataWriter.DropAsync(client, cancellationToken);
        }
    }

    /// <summary>Rolls a planned clustering back, whether or not it has begun, and its plan with it.</summary>
    /// <param name="clustering">Requested or inflight.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    public async ValueTask DropClusteringAsync(Instant clustering, CancellationToken cancellationToken = default)
    {
        await RollBackServiceAsync(await client.LoadAsync(cancellationToken: cancellationToken), clustering, cancellationToken);
        await RollBackPendingAsync(await client.LoadAsync(cancellationToken: cancellationToken), clustering with { State = InstantState.Requested }, cancellationToken);
    }
}
