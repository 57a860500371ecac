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
    /// <returns>Whether there was anything to take back.</returns>
    public async ValueTask<bool> RollBackServiceAsync(ActiveTimeline timeline, Instant planned, CancellationToken cancellationToken = default)
    {
        foreach (var rollback in timeline.Pending.Where(i => i.Action == Actions.Rollback))
        {
            var begun = await ReadPlanAsync(rollback, cancellationToken);
            if (begun.Instant == planned.RequestedTime)
            {
                await ExecuteAsync(timeline, rollback, begun, cancellationToken);
                return true;
            }
        }

        if (!timeline.Pending.Contains(planned with { State = InstantState.Inflight }))
        {
            return false;
        }

        await RollBackPendingAsync(timeline, planned with { State = InstantState.Inflight }, cancellationToken);
        return true;
    }
}
