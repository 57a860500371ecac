using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Takes a write back that failed: at once where that can be done; where not (the storage is gone), the next write does it.</summary>
internal static class FailedWrite
{
    /// <param name="state">The table as the write saw it.</param>
    /// <param name="requested">The write.</param>
    /// <param name="failure">Is told why it could not be taken back.</param>
    /// <param name="whenGone">What is left to do where another writer has rolled it back meanwhile.</param>
    public static async Task TakeBackAsync(TableState state, Instant requested, Exception failure, Func<ValueTask>? whenGone = null)
    {
        try
        {
            await state.Client.Locks.RunAsync(
                async _ =>
                {
                    var timeline = await state.Client.LoadAsync();
                    if (timeline.Pending.Any(i => i.RequestedTime == requested.RequestedTime))
                    {
                        await new RollbackExecutor(state.Client, state.Config).RollBackAsync(requested.RequestedTime);
                    }
                    else if (whenGone is not null && !timeline.Find(requested.RequestedTime).Any())
                    {
                        await whenGone();
                    }

                    return true;
                },
                CancellationToken.None);
        }
        catch (LakehouseException rollback)
        {
            failure.Data["rollback"] = rollback.Message;
        }
    }
}
