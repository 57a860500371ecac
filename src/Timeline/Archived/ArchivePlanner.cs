namespace OllaLab.Lakehouse.Timelines;

/// <summary>What an archiving is going to do.</summary>
/// <param name="Instants">The completed instants that leave the active timeline, in requested order.</param>
/// <param name="Archived">Those that the archive has already.</param>
internal sealed record ArchivePlan(IReadOnlyList<Instant> Instants, IReadOnlySet<(string Time, string Action)> Archived);

/// <summary>Which instants leave the active timeline (TimelineArchiverV1, TimelineArchiverV2), for data tables and metadata tables alike.</summary>
/// <param name="client">The table's timeline.</param>
/// <param name="view">Its files, by the timeline as just loaded.</param>
/// <param name="rule">How much stays.</param>
internal sealed class ArchivePlanner(TimelineClient client, FileSystemView view, ArchiveRule rule)
{
    private readonly ActiveTimeline timeline = view.Timeline;

    /// <param name="bounds">Requested times from which on another table needs the commits: of a data table its metadata table, of a metadata table its data table.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="onlyWithCommits">Whether what an earlier run has left may wait until there are commits to archive: then the archive is not looked into before.</param>
    /// <returns>Completed instants in requested order; none where it is not time yet.</returns>
    public async ValueTask<ArchivePlan> SelectAsync(IEnumerable<string> bounds, CancellationToken cancellationToken, bool onlyWithCommits = false)
    {
        var commits = await CommitsAsync(bounds, cancellationToken);
        if (commits.Count == 0 && onlyWithCommits)
        {
            return new ArchivePlan([], new HashSet<(string, string)>());
        }

        var archived = await ArchivedAsync(cancellationToken);
        var others = timeline.Instants.Where(i => i.IsCompleted && i.Action is (Actions.Clean or Actions.Rollback));
        var old = client.Layout.Version == 1 ? others.GroupBy(i => i.Action).SelectMany(Oldest)
            : commits.Count == 0 ? []
            : others.Where(i => string.CompareOrdinal(i.RequestedTime, commits[^1].RequestedTime) < 0);
        var limit = BeforePending([.. timeline.CompletedWrites]);
        var savepoints = timeline.Savepoints.ToHashSet();
        var left = timeline.Instants.Where(i => i.IsCompleted && archived.Contains((i.RequestedTime, i.Action)) && !savepoints.Contains(i.RequestedTime)
            && (limit is null || string.CompareOrdinal(i.RequestedTime, limit) < 0));
        return new ArchivePlan([.. commits.Concat(old).Union(left).Order(Comparer<Instant>.Create(client.Layout.RequestedOrder()))], archived);
    }

    /// <summary>Active instants that are archived already: a run died before it had taken them off the active timeline. Only the latest one can have left such.</summary>
    private async ValueTask<IReadOnlySet<(string Time, string Action)>> ArchivedAsync(CancellationToken cancellationToken)
    {
        if (timeline.Instants.Count == 0)
        {
            return new HashSet<(string, string)>();
        }

        return client.Layout.Version == 1
            ? (await new ArchiveLogs(client.Store, client.Layout.ArchiveFolder).ReadAsync(withContent: false, cancellationToken, logs: 1)).Select(i => (i.RequestedTime, i.Instant.Action)).ToHashSet()
            : await new LsmHistoryWriter(client.Store, client.Layout.ArchiveFolder, rule).KnownAsync(timeline.Instants[0].RequestedTime, timeline.Instants[^1].RequestedTime, cancellationToken);
    }

    // Version 6 counts cleans and rollbacks for themselves.
    private IEnumerable<Instant> Oldest(IEnumerable<Instant> instants)
    {
        var (min, max) = rule.Bounds(timeline, client.Environment.Clock.GetUtcNow());
        var all = instants.Where(i => i.IsCompleted).ToList();
        return all.Count > max ? all.Take(all.Count - min) : [];
    }

    private async ValueTask<IReadOnlyList<Instant>> CommitsAsync(IEnumerable<string> bounds, CancellationToken cancellationToken)
    {
        var (min, max) = rule.Bounds(timeline, client.Environment.Clock.GetUtcNow());
        var completed = timeline.CompletedWrites.ToList();
        if (completed.Count <= max)
        {
            return [];
        }

        var limits = new List<string?>(bounds) { BeforePending(completed), ForCompaction(), await ForReplacedAsync(cancellationToken) };
        var earliest = limits.OfType<string>().Min(StringComparer.Ordinal);
        var savepoints = timeline.Savepoints.ToHashSet();
        var first = savepoints.Min(StringComparer.Ordinal);
        var chosen = completed
            .Where(i => rule.BeyondSavepoint ? !savepoints.Contains(i.RequestedTime) : first is null || string.CompareOrdinal(i.RequestedTime, first) < 0)
            .Where(i => earliest is null || string.CompareOrdinal(i.RequestedTime, earliest) < 0)
            .Take(completed.Count - min).ToList();
        return await BeforeLiveReplacementAsync(chosen, cancellationToken);
    }

    /// <summary>What is pending needs the commit before it: the first instant that is neither completed nor a clean decides.</summary>
    private string? BeforePending(List<Instant> completed) =>
        timeline.Pending.FirstOrDefault(i => i.Action != Actions.Clean) is { } pending
            ? completed.LastOrDefault(i => string.CompareOrdinal(i.RequestedTime, pending.RequestedTime) < 0)?.RequestedTime ?? pending.RequestedTime
            : null;

    /// <summary>As many delta commits as a compaction waits for, or what there is since the last one (CompactionUtils.getEarliestInstantToRetainForCompaction).</summary>
    private string? ForCompaction()
    {
        var all = timeline.Instants.Where(i => i.Action == Actions.DeltaCommit).ToList();
        var last = timeline.Instants.LastOrDefault(i => i.IsCompleted && i.Action == Actions.Commit);
        if (rule.CompactionDeltaCommits is not { } wanted || all.Count == 0 && last is null)
        {
            return null;
        }

        var since = last is null ? all : [.. all.Where(i => string.CompareOrdinal(timeline.Layout.OrdersByCompletion ? i.CompletionTime ?? "~" : i.RequestedTime, last.RequestedTime) > 0)];
        return since.Count < wanted ? last?.RequestedTime ?? all[0].RequestedTime : since[since.Count - wanted].RequestedTime;
    }

    /// <summary>A replace commit hides file groups: it stays until the cleaner has come past it (ClusteringUtils.getEarliestInstantToRetainForClustering).</summary>
    private async ValueTask<string?> ForReplacedAsync(CancellationToken cancellationToken)
    {
        var replacing = timeline.Instants.Where(i => i.Action is Actions.ReplaceCommit or Actions.Clustering).ToList();
        if (replacing.Count == 0)
        {
            return null;
        }

        if (timeline.Instants.LastOrDefault(i => i.IsCompleted && i.Action == Actions.Clean) is not { } clean)
        {
            return replacing[0].RequestedTime;
        }

        var kept = (await client.ReadCleanMetadataAsync(clean, cancellationToken)).EarliestCommitToRetain is { Length: > 0 } earliest ? earliest : clean.RequestedTime;
        return replacing.FirstOrDefault(i => string.CompareOrdinal(i.RequestedTime, kept) >= 0)?.RequestedTime;
    }

    /// <summary>Whatever the cleaner has said: as long as a replaced file group has files, because a savepoint keeps them for one, the commit that replaced it stays, or its rows would be there twice.</summary>
    private async ValueTask<IReadOnlyList<Instant>> BeforeLiveReplacementAsync(List<Instant> chosen, CancellationToken cancellationToken)
    {
        for (int i = 0; i < chosen.Count; i++)
        {
            if (chosen[i].Action != Actions.ReplaceCommit)
            {
                continue;
            }

            foreach (var (partition, ids) in (await client.ReadCommitMetadataAsync(chosen[i], cancellationToken)).PartitionToReplaceFileIds ?? new Dictionary<string, IReadOnlyList<string>>())
            {
                if (ids.Count > 0 && (await view.GetFileGroupsAsync(partition, cancellationToken)).Any(g => ids.Contains(g.FileId)))
                {
                    return chosen[..i];
                }
            }
        }

        return chosen;
    }
}
