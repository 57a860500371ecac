using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// The way of a planned service from requested to completed (RunCompactionActionExecutor). What an earlier run of it left is taken back first; the plan stays, so that it can run again
/// after a failure of any kind.
/// </summary>
/// <param name="client">The table's timeline.</param>
/// <param name="config">The table.</param>
/// <param name="source">How the metadata table's writer looks into what is written.</param>
internal sealed class ServiceRun(TimelineClient client, TableConfig config, MetadataSource source)
{
    /// <param name="planned">The service, requested or inflight.</param>
    /// <param name="write">Writes its files, as the timeline stands once it is inflight, and says what the commit holds.</param>
    /// <param name="cancellationToken">Gives the run up as long as it is not completed.</param>
    /// <param name="lastLook">Given the timeline as it is under the table's lock, refuses what the service must not be completed with; null: nothing.</param>
    /// <returns>The completed instant.</returns>
    public async Task<Instant> RunAsync(
        Instant planned, Func<ActiveTimeline, CancellationToken, Task<CommitMetadata>> write, CancellationToken cancellationToken, Func<ActiveTimeline, CancellationToken, ValueTask>? lastLook = null)
    {
        var rollback = new RollbackExecutor(client, config);
        var inflight = await client.Locks.RunAsync(
            async _ =>
            {
                await rollback.RollBackServiceAsync(await client.LoadAsync(cancellationToken: cancellationToken), planned, cancellationToken);
                return await client.StartAsync(planned with { State = InstantState.Requested }, cancellationToken: cancellationToken);
            },
            cancellationToken);
        Instant completed;
        try
        {
            var metadata = await write(await client.LoadAsync(cancellationToken: cancellationToken), cancellationToken);
            completed = await MetadataWriter.CompleteAsync(client, inflight, metadata, source, cancellationToken, lastLook);
        }
        catch (Exception failure) when (failure is not LakehouseException { Kind: LakehouseErrorKind.OutcomeUnknown })
        {
            await TakeBackAsync(rollback, inflight, failure);
            throw;
        }

        // What is completed stays completed: markers that cannot be removed now are of no harm.
        try
        {
            await new Markers(client.Store, planned.RequestedTime).DeleteAsync(CancellationToken.None);
        }
        catch (LakehouseException)
        {
        }

        return completed;
    }

    // At once where that can be done; where not (the storage is gone), the next run does it.
    private async ValueTask TakeBackAsync(RollbackExecutor rollback, Instant inflight, Exception failure)
    {
        try
        {
            await client.Locks.RunAsync(
                async _ =>
                {
                    var now = await client.LoadAsync();
                    return now.Pending.Contains(inflight) && await rollback.RollBackServiceAsync(now, inflight, mine: true);
                },
                CancellationToken.None);
        }
        catch (LakehouseException e)
        {
            failure.Data["rollback"] = e.Message;
        }
    }
}
