using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <content>Runs of services that died.</content>
internal sealed partial class RollbackExecutor
{
    /// <summary>
    /// Takes back what a run of a compaction or log compaction has written: a rollback of it that someone began is finished; where it is inflight without one, it is rolled back. The plan of a
    /// compaction stays requested, so that it can run again; a log compaction is gone altogether (HoodieTable.rollbackInflightCompaction, rollbackInflightLogCompaction).
    /// </summary>
    /// <param name="timeline">As just loaded.</param>
    /// <param name="planned">The service's instant.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <param name="mine">Whether the run was this process's own.</param>
    /// <returns>Whether there was anything to take back.</returns>
    public async ValueTask<bool> RollBackServiceAsync(ActiveTimeline timeline, Instant planned, CancellationToken cancellationToken = default, bool mine = false)
    {
        foreach (var rollback in timeline.Pending.Where(i => i.Action == Actions.Rollback))
        {
            var begun = await ReadPlanAsync(rollback, cancellationToken);
            if (begun.Instant == planned.RequestedTime)
            {
                await ExecuteAsync(timeline, rollback, begun, false, cancellationToken);
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

        await RollBackPendingAsync(timeline, planned with { State = InstantState.Inflight }, cancellationToken);
        return true;
    }
}
