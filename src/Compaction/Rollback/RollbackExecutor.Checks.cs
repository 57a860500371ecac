using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <content>What may be rolled back, and what is refused by name.</content>
internal sealed partial class RollbackExecutor
{
    /// <summary>Whether a pending instant is a write of rows, which EAGER rolls back; clustering is a service, also where version 6 calls it a replace commit.</summary>
    private async ValueTask<bool> IsFailedWriteAsync(Instant pending, CancellationToken cancellationToken) => pending.Action switch
    {
        Actions.Commit or Actions.DeltaCommit => true,
        Actions.ReplaceCommit => !await IsClusteringAsync(pending.RequestedTime, cancellationToken),
        _ => false,
    };

    /// <summary>Whether a pending rollback takes back a compaction or clustering: the service itself finishes it when it tries again.</summary>
    private async ValueTask<bool> IsServiceAsync(ActiveTimeline timeline, RollbackPlan plan, CancellationToken cancellationToken) => plan.Action switch
    {
        Actions.Compaction or Actions.LogCompaction or Actions.Clustering => true,
        Actions.ReplaceCommit => timeline.Find(plan.Instant).Any(i => !i.IsCompleted) && await IsClusteringAsync(plan.Instant, cancellationToken),
        _ => false,
    };

    /// <summary>Whether <see cref="RollBackFailedWritesAsync"/> has anything to do, or to refuse.</summary>
    public async ValueTask<bool> HasFailedWritesAsync(ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        RefuseUnknown(timeline);
        foreach (var pending in timeline.Pending)
        {
            if ((pending.Action == Actions.Rollback || await IsFailedWriteAsync(pending, cancellationToken)) && await MayRollBackAsync(pending, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the writer of a pending instant counts as dead, by the policy for failed writes.</summary>
    private ValueTask<bool> MayRollBackAsync(Instant pending, CancellationToken cancellationToken) => client.Locks.Heartbeats.MayRollBackAsync(pending, client.Layout, cancellationToken);

    private async ValueTask<bool> IsClusteringAsync(string instant, CancellationToken cancellationToken)
    {
        try
        {
            var plan = await client.ReadAsync(new Instant(instant, Actions.ReplaceCommit, InstantState.Requested), cancellationToken);
            return !plan.IsEmpty && AvroValue.Read(plan.Span).GetValueOrDefault("clusteringPlan") is not null;
        }
        catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.NotFound)
        {
            return false;
        }
    }

    private void RefuseUnknown(ActiveTimeline timeline)
    {
        RefuseUnknownFiles(client, timeline);
        PendingRestore.Refuse(client, timeline);
    }

    /// <summary>Nothing is taken back beside what is not understood.</summary>
    internal static void RefuseUnknownFiles(TimelineClient client, ActiveTimeline timeline)
    {
        if (timeline.UnknownFiles.Count > 0)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                "the timeline holds an action that is not known",
                client.Store.Root,
                client.Layout.Folder + "/" + timeline.UnknownFiles[0],
                remedy: "Write to this table with the engine that made the file, or remove it if it is none of Hudi's");
        }
    }

    private void RefuseLater(ActiveTimeline timeline, Instant completed)
    {
        foreach (var other in timeline.CompletedWrites)
        {
            if (string.CompareOrdinal(other.RequestedTime, completed.RequestedTime) > 0 || string.CompareOrdinal(other.CompletionTime, completed.CompletionTime) > 0)
            {
                throw Refusal($"only the latest commit can be rolled back, and {other.RequestedTime} came after this one", completed.RequestedTime, "Roll back the later commits first");
            }
        }
    }

    private async ValueTask CheckAsync(ActiveTimeline timeline, Instant completed, CommitMetadata metadata, CancellationToken cancellationToken)
    {
        if (timeline.Savepoints.Contains(completed.RequestedTime))
        {
            throw Refusal("a savepointed commit cannot be rolled back", completed.RequestedTime, "Delete the savepoint first");
        }

        RefuseLater(timeline, completed);
        await RefusePlannedAsync(timeline, completed, metadata, cancellationToken);
        await RefuseCleanedAsync(timeline, completed, cancellationToken);
    }

    /// <summary>A compaction that was planned with a file of the commit could not be executed without it.</summary>
    private async ValueTask RefusePlannedAsync(ActiveTimeline timeline, Instant completed, CommitMetadata metadata, CancellationToken cancellationToken)
    {
        HashSet<string>? written = null;
        foreach (var pending in timeline.Pending.Where(i => i.Action is Actions.Compaction or Actions.LogCompaction))
        {
            written ??= [.. metadata.PartitionToWriteStats.Values.SelectMany(s => s).Select(s => s.Path is { } path ? path[(path.LastIndexOf('/') + 1)..] : string.Empty)];
            var plan = await client.ReadCompactionPlanAsync(pending, cancellationToken);
            if (plan.Operations.Any(o => (o.BaseFileName is { } file && written.Contains(file)) || o.LogFileNames.Any(written.Contains)))
            {
                throw Refusal($"the {pending.Action} {pending.RequestedTime} is planned with what this commit wrote", completed.RequestedTime, "Execute the compaction first; then write the rows that are to be as before");
            }
        }
    }

    private async ValueTask RefuseCleanedAsync(ActiveTimeline timeline, Instant completed, CancellationToken cancellationToken)
    {
        if (await new CoveredSlices(client, timeline).FindMissingAsync([completed], cancellationToken) is { } missing)
        {
            throw Refusal($"file group {missing.FileId} of partition '{missing.Partition}' was cleaned: its rows before this commit no longer exist", completed.RequestedTime, "Restore the rows by a new write");
        }
    }

    private LakehouseException Refusal(string problem, string instant, string remedy) => new(LakehouseErrorKind.Unsupported, problem, client.Store.Root, instant: instant, remedy: remedy);
}
