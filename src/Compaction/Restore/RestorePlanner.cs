using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>What has to be taken back to bring a table to an instant, and whether that can be done (RestorePlanActionExecutor).</summary>
internal sealed class RestorePlanner(TimelineClient client, TableConfig config, ActiveTimeline timeline)
{
    /// <summary>The plan; all that it could be refused for is looked at before anything is deleted.</summary>
    /// <param name="target">Requested time of a completed write.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async ValueTask<RestorePlan> PlanAsync(string target, CancellationToken cancellationToken)
    {
        var to = timeline.FindCompletedWrite(target)
            ?? throw new LakehouseException(LakehouseErrorKind.NotFound, "the active timeline has no completed commit to restore the table to", client.Store.Root, client.Layout.Folder, target, "List the instants with 'timeline', the savepoints with 'savepoint list'");
        var going = Following(to);
        if (going.FirstOrDefault(i => timeline.Savepoints.Contains(i.RequestedTime)) is { } saved)
        {
            throw Refusal($"the later commit {saved.RequestedTime} has a savepoint", target, "Restore to that one, or delete its savepoint first");
        }

        await RefuseArchivedAsync(target, cancellationToken);
        await RefuseCleanedAsync(target, [.. going.Where(i => i.IsCompleted)], cancellationToken);
        return new RestorePlan(target, [.. going.Select(i => new InstantInfo(i.RequestedTime, i.Action))]);
    }

    /// <summary>
    /// What took effect after an instant, in the order in which it is rolled back: what is pending first, then the latest completed first. A compaction of a merge-on-read table counts by the time
    /// at which it was planned, whenever it was executed: what was written meanwhile lies on the file that it made (RestoreInstantComparatorFactory).
    /// </summary>
    private List<Instant> Following(Instant to)
    {
        var going = timeline.Instants.Where(i => IsWriting(i.Action) && IsAfter(i, to)).ToList();
        var byCompletion = client.Layout.CompletionOrder();
        going.Sort(client.Layout.OrdersByCompletion
            ? (a, b) => byCompletion(b, a)
            : (a, b) => a.IsCompleted != b.IsCompleted ? a.IsCompleted.CompareTo(b.IsCompleted) : string.CompareOrdinal(b.RequestedTime, a.RequestedTime));

        // Planned clusterings before all else (HUDI-3362).
        return [.. going.Where(i => !i.IsCompleted && i.Action is Actions.Clustering), .. going.Where(i => i.IsCompleted || i.Action is not Actions.Clustering)];
    }

    private bool IsAfter(Instant instant, Instant to)
    {
        bool compaction = config.Type == TableType.MergeOnRead && instant.Action is Actions.Compaction or Actions.Commit;
        return compaction || (instant.IsCompleted && !client.Layout.OrdersByCompletion)
            ? string.CompareOrdinal(instant.RequestedTime, to.RequestedTime) > 0
            : !instant.IsCompleted || string.CompareOrdinal(instant.CompletionTime, to.CompletionTime) > 0;
    }

    private static bool IsWriting(string action) => Actions.IsWrite(action) || action is Actions.Compaction or Actions.LogCompaction or Actions.Clustering;

    /// <summary>Where an archiver goes beyond savepoints, commits after this one may have left the timeline (BaseHoodieWriteClient.restoreToSavepoint refuses that setting); their files tell.</summary>
    private async ValueTask RefuseArchivedAsync(string target, CancellationToken cancellationToken)
    {
        string? archived = null;
        await PartitionListing.ListAsync(
            client.Store,
            (_, files) => archived ??= files.Where(f => !f.IsFolder).Select(f => InstantOf(f.Name))
                .FirstOrDefault(i => i is not null && string.CompareOrdinal(i, target) > 0 && timeline.IsBeforeStart(i) && !timeline.Find(i).Any()),
            cancellationToken);
        if (archived is not null)
        {
            throw Refusal($"the later commit {archived} is archived, and archived commits cannot be taken back", target, "Restore to a commit after it");
        }
    }

    private static string? InstantOf(string name) =>
        FileNames.TryParseBaseFile(string.Empty, name, 0, out var file) ? file.Instant : FileNames.TryParseLogFile(string.Empty, name, 0, out var log) ? log.Instant : null;

    private async ValueTask RefuseCleanedAsync(string target, IReadOnlyList<Instant> going, CancellationToken cancellationToken)
    {
        if (timeline.Savepoints.Contains(target))
        {
            var savepoints = await client.ReadSavepointsAsync(timeline, cancellationToken);
            foreach (var (partition, names) in savepoints.ByInstant[target].Files)
            {
                var there = (await client.Store.ListNamesAsync(partition, cancellationToken)).ToHashSet(StringComparer.Ordinal);
                if (names.FirstOrDefault(n => !there.Contains(n)) is { } gone)
                {
                    throw Refusal($"the savepoint's file '{(partition.Length == 0 ? gone : partition + "/" + gone)}' is gone", target, "Restore to another savepoint");
                }
            }
        }
        else
        {
            await SavepointExecutor.RefuseCleanedAsync(client, timeline, target, cancellationToken);
        }

        if (await new CoveredSlices(client, timeline).FindMissingAsync(going, cancellationToken) is { } missing)
        {
            throw Refusal($"file group {missing.FileId} of partition '{missing.Partition}' was cleaned: its rows before {missing.Commit.RequestedTime} no longer exist", target, "Restore to a later commit");
        }
    }

    private LakehouseException Refusal(string problem, string instant, string remedy) => new(LakehouseErrorKind.Unsupported, problem, client.Store.Root, instant: instant, remedy: remedy);
}
