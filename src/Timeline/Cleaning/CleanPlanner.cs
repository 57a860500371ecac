using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Finds the files that no kept snapshot, pending service or savepoint needs (CleanPlanner, CleanPlanActionExecutor). For data tables and metadata tables alike.
/// </summary>
/// <param name="client">The table's timeline.</param>
/// <param name="view">Its files, change data among them.</param>
/// <param name="rule">What is kept.</param>
internal sealed class CleanPlanner(TimelineClient client, FileSystemView view, CleanRule rule)
{
    private readonly ActiveTimeline timeline = view.Timeline;
    private CleanMetadata? last;

    /// <summary>Whether so many writes came since the last clean (hoodie.clean.trigger.max.commits).</summary>
    public async ValueTask<bool> IsDueAsync(int commits, CancellationToken cancellationToken)
    {
        var done = await LastAsync(cancellationToken);
        return timeline.CompletedWrites.Count(i => done is null || string.CompareOrdinal(i.RequestedTime, done.LastCompletedCommit) > 0) >= commits;
    }

    /// <summary>The plan; an empty one where there is nothing to do.</summary>
    public async ValueTask<CleanPlan> PlanAsync(CancellationToken cancellationToken)
    {
        var earliest = rule.EarliestToRetain(timeline, client.Environment.Clock.GetUtcNow());
        var savepoints = await client.ReadSavepointsAsync(timeline, cancellationToken);
        var files = new Dictionary<string, IReadOnlyList<string>>();
        var partitions = new List<string>();
        if (rule.Policy == CleanPolicies.FileVersions || earliest is not null)
        {
            var needed = await NeededSlices.ReadAsync(client, view, savepoints, cancellationToken);
            foreach (var partition in await PartitionsAsync(earliest, savepoints, cancellationToken))
            {
                await AddAsync(partition, earliest, needed, files, partitions, cancellationToken);
            }
        }

        return new CleanPlan(
            earliest is null ? null : PlannedInstant.Of(earliest),
            timeline.LatestCompletedWrite?.RequestedTime ?? string.Empty,
            rule.Policy,
            files,
            partitions,
            savepoints.ByInstant.Count == 0 ? new Dictionary<string, string>() : new Dictionary<string, string> { [CleanPlan.SavepointedTimes] = string.Join(',', savepoints.ByInstant.Keys) });
    }

    private async ValueTask<CleanMetadata?> LastAsync(CancellationToken cancellationToken) => last ??=
        timeline.Instants.LastOrDefault(i => i.IsCompleted && i.Action == Actions.Clean) is { } clean ? await client.ReadCleanMetadataAsync(clean, cancellationToken) : null;

    /// <summary>All partitions, or those that were written between the last clean's earliest commit and the new one: in others there is nothing that was not looked at then.</summary>
    private async ValueTask<IReadOnlyList<string>> PartitionsAsync(Instant? earliest, Savepoints savepoints, CancellationToken cancellationToken)
    {
        if (!rule.Incremental || earliest is null
            || await LastAsync(cancellationToken) is not { EarliestCommitToRetain: { Length: > 0 } before } done
            || timeline.IsBeforeStart(before)
            || done.ExtraMetadata.GetValueOrDefault(CleanPlan.SavepointedTimes, string.Empty).Split(',', StringSplitOptions.RemoveEmptyEntries).Except(savepoints.ByInstant.Keys).Any())
        {
            return await view.GetPartitionsAsync(cancellationToken);
        }

        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var write in timeline.CompletedWrites.Where(i => string.CompareOrdinal(i.RequestedTime, before) >= 0 && string.CompareOrdinal(i.RequestedTime, earliest.RequestedTime) < 0))
        {
            var metadata = await client.ReadCommitMetadataAsync(write, cancellationToken);
            found.UnionWith(metadata.PartitionToWriteStats.Keys);
            found.UnionWith(metadata.PartitionToReplaceFileIds?.Keys ?? []);
        }

        return [.. found];
    }

    private async ValueTask AddAsync(
        string partition, Instant? earliest, NeededSlices needed, Dictionary<string, IReadOnlyList<string>> files, List<string> partitions, CancellationToken cancellationToken)
    {
        var replaced = await view.GetReplacedAsync(cancellationToken);
        var names = new List<string>();
        bool isEmpty = true;
        foreach (var group in await view.GetFileGroupsAsync(partition, cancellationToken))
        {
            var instant = replaced.InstantOf(partition, group.FileId);
            bool gone = instant is not null && (earliest is null || string.CompareOrdinal(instant, earliest.RequestedTime) < 0);
            var slices = gone ? group.Slices.Where(s => !needed.Keep(s))
                : instant is not null ? []
                : rule.Policy == CleanPolicies.FileVersions ? Versions(group, needed)
                : Older(group, earliest!, needed);
            int chosen = 0;
            foreach (var slice in slices)
            {
                chosen++;
                names.AddRange(slice.FileNames());
            }

            isEmpty &= gone && chosen == group.Slices.Count;
        }

        if (names.Count > 0)
        {
            files[partition] = [.. names.Select(n => client.Store.Root.TrimEnd('/') + "/" + ObjectPath.Join(partition, n))];
        }

        // The table's root stays; so does what holds files that are not known to be committed, or may hold some soon.
        if (isEmpty && partition.Length > 0 && !timeline.Pending.Any(i => Actions.IsWrite(i.Action)) && await CleanedFolder.HoldsOnlyAsync(client.Store, partition, names.ToHashSet(StringComparer.Ordinal), cancellationToken))
        {
            partitions.Add(partition);
            files.TryAdd(partition, []);
        }
    }

    /// <summary>All but the latest slice, the last one before the earliest commit that is kept, and what came since: a query as of that commit still finds what it needs.</summary>
    private static IEnumerable<FileSlice> Older(FileGroup group, Instant earliest, NeededSlices needed)
    {
        bool isKept = false;
        for (int i = 0; i < group.Slices.Count; i++)
        {
            var slice = group.Slices[i];
            bool isBefore = string.CompareOrdinal(slice.BaseInstant, earliest.RequestedTime) < 0;
            if (i > 0 && isBefore && isKept && !needed.Keep(slice))
            {
                yield return slice;
            }

            isKept |= isBefore;
        }
    }

    /// <summary>All but so many versions. Of a group that is going to be compacted, the slice that is still to come counts as one.</summary>
    private IEnumerable<FileSlice> Versions(FileGroup group, NeededSlices needed)
    {
        var free = group.Slices.Where(s => !needed.IsPlanned(s)).ToList();
        int kept = free.Count < group.Slices.Count || needed.IsPlanned(group) ? rule.FileVersions - 1 : rule.FileVersions;
        return free.Skip(Math.Max(kept, free.Count == group.Slices.Count ? 1 : 0)).Where(s => !needed.IsSavepointed(s));
    }
}
