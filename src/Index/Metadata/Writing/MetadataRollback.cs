using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Takes a delta commit of the metadata table back with the instant of the data table that it belongs to: its instant is deleted, and from version 8 on its logs; in version 6 command blocks
/// undo them (HoodieBackedTableMetadataWriter.update(HoodieRollbackMetadata), and ...TableVersionSix). Interrupted and repeated, it ends the same.
/// </summary>
internal sealed class MetadataRollback(MetadataFolder folder)
{
    private readonly TimelineClient client = folder.Client;

    /// <param name="target">The instant that is taken back; where the metadata table does not know it, nothing is done.</param>
    /// <param name="rollback">Requested time of the data table's rollback, which is this one's too.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async ValueTask RunAsync(string target, string rollback, CancellationToken cancellationToken)
    {
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        var begun = await BegunAsync(timeline, target, rollback, cancellationToken);
        var known = timeline.Find(target).FirstOrDefault(i => i.Action == Actions.DeltaCommit);
        if (known is null && begun is null)
        {
            return;
        }

        if (known is { IsCompleted: true } && timeline.Instants.FirstOrDefault(i => i is { IsCompleted: true, Action: Actions.Commit } && Covers(i, known)) is { } compaction)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"the metadata table was compacted in {compaction.RequestedTime} with what this instant added to it",
                client.Store.Root,
                instant: target,
                remedy: "Drop the metadata table (write with hoodie.metadata.enable=false) and roll back again; a later write builds it anew");
        }

        var started = client.Environment.Clock.GetTimestamp();
        if (begun is null)
        {
            var plan = new RollbackPlan(target, Actions.DeltaCommit, await FindAsync(target, cancellationToken));
            begun = new Instant(rollback, Actions.Rollback, InstantState.Requested);
            await client.TryRequestAsync(begun, plan.Write(), cancellationToken);
        }

        var inflight = begun.State == InstantState.Requested ? await client.StartAsync(begun, cancellationToken: cancellationToken) : begun;
        if (known is { IsCompleted: true })
        {
            await client.Store.DeleteAsync(client.PathOf(known), cancellationToken);
        }

        // What is there now: a run that died may have deleted some of what the plan names.
        var found = await FindAsync(target, cancellationToken);
        foreach (var request in found)
        {
            foreach (var file in request.FilesToBeDeleted)
            {
                await client.Store.DeleteAsync(request.PartitionPath + "/" + file[(file.LastIndexOf('/') + 1)..], cancellationToken);
            }
        }

        var undone = await new RollbackLogs(client.Store, target).UndoAsync([.. found.Where(r => r.LogBlocksToBeDeleted.Count > 0)], begun.RequestedTime, cancellationToken);
        foreach (var state in new[] { InstantState.Inflight, InstantState.Requested })
        {
            await client.DeletePendingAsync(new Instant(target, Actions.DeltaCommit, state), cancellationToken);
        }

        var taken = (long)client.Environment.Clock.GetElapsedTime(started).TotalMilliseconds;
        var partitions = found.GroupBy(r => r.PartitionPath)
            .ToDictionary(p => p.Key, p => undone.GetValueOrDefault(p.Key, new RolledBackPartition()) with { DeletedFiles = [.. p.SelectMany(r => r.FilesToBeDeleted)] });
        await client.CompleteAsync(inflight, new RollbackMetadata(begun.RequestedTime, taken, target, Actions.DeltaCommit, partitions).Write(), cancellationToken);
    }

    // By this rollback, or by a restore that died: the rollbacks of one have new times when it goes on.
    private async ValueTask<Instant?> BegunAsync(ActiveTimeline timeline, string target, string rollback, CancellationToken cancellationToken)
    {
        foreach (var pending in timeline.Pending.Where(i => i.Action == Actions.Rollback))
        {
            if (pending.RequestedTime == rollback || RollbackPlan.Read((await client.ReadAsync(pending with { State = InstantState.Requested }, cancellationToken)).Span).Instant == target)
            {
                return pending;
            }
        }

        return null;
    }

    // A log belongs to the slice whose base instant is before its completion (format B.5): a compaction requested later has taken it in.
    private static bool Covers(Instant compaction, Instant deltaCommit) => string.CompareOrdinal(compaction.RequestedTime, deltaCommit.CompletionTime ?? deltaCommit.RequestedTime) > 0;

    private async ValueTask<List<RollbackRequest>> FindAsync(string target, CancellationToken cancellationToken)
    {
        var logs = new RollbackLogs(client.Store, target);
        var requests = new List<RollbackRequest>();
        foreach (var partition in folder.Partitions)
        {
            var (files, blocks) = (new List<string>(), new List<string>());
            await foreach (var found in client.Store.ListAsync(partition, recursive: false, cancellationToken))
            {
                bool isLog = FileNames.TryParseLogFile(partition, found.Name, 0, out var log);
                if (isLog && !client.Layout.OrdersByCompletion)
                {
                    // Named by the slice: who wrote it, its blocks tell.
                    if (await logs.HasBlockAsync(found, cancellationToken))
                    {
                        blocks.Add(found.Path);
                    }
                }
                else if ((isLog && log!.Instant == target) || (FileNames.TryParseBaseFile(partition, found.Name, 0, out var file) && file.Instant == target))
                {
                    files.Add(client.Store.Root.TrimEnd('/') + "/" + found.Path);
                }
            }

            if (files.Count > 0)
            {
                requests.Add(new RollbackRequest(partition, files, new Dictionary<string, long>()));
            }

            requests.AddRange(await logs.RequestsAsync(blocks, cancellationToken));
        }

        return requests;
    }
}
