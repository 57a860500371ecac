namespace OllaLab.Lakehouse.Timelines;

/// <content>Compactions and clusterings that are planned.</content>
internal sealed partial class TimelineClient
{
    /// <summary>The plan of a compaction or log compaction, from its requested file.</summary>
    public async ValueTask<CompactionPlan> ReadCompactionPlanAsync(Instant instant, CancellationToken cancellationToken = default)
    {
        var path = PathOf(instant with { State = InstantState.Requested });
        var content = await Store.ReadAsync(path, cancellationToken);
        try
        {
            return CompactionPlan.Read(content.Span);
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, e.Problem, Store.Root, path, instant.RequestedTime, "Roll the compaction back", e);
        }
    }

    /// <summary>The file groups of all compactions that are requested or inflight. Log compactions are not among them: they take nothing from a slice's logs until they are completed.</summary>
    public async ValueTask<PendingCompactions> ReadPendingCompactionsAsync(ActiveTimeline timeline, CancellationToken cancellationToken = default)
    {
        PendingCompactions? found = null;
        foreach (var instant in timeline.Pending.Where(i => i.Action == Actions.Compaction))
        {
            (found ??= new()).Add(instant.RequestedTime, await ReadCompactionPlanAsync(instant, cancellationToken));
        }

        return found ?? PendingCompactions.None;
    }

    /// <summary>
    /// The file groups that clusterings which are requested or inflight will replace, with the clustering's requested time (ClusteringUtils.getAllFileGroupsInPendingClusteringPlans). What is
    /// written to one of them meanwhile would be lost with it.
    /// </summary>
    public async ValueTask<IReadOnlyDictionary<(string Partition, string FileId), string>> ReadClusteredFileGroupsAsync(ActiveTimeline timeline, CancellationToken cancellationToken = default)
    {
        var groups = new Dictionary<(string, string), string>();
        foreach (var (instant, plan) in await ReadPendingClusteringsAsync(timeline, cancellationToken))
        {
            foreach (var slice in plan.Groups.SelectMany(g => g.Slices))
            {
                groups[(slice.PartitionPath, slice.FileId)] = instant.RequestedTime;
            }
        }

        return groups;
    }

    /// <summary>The clusterings that are requested or inflight, the oldest first, with their plans. Version 6 calls them replace commits; one that plans nothing is another's write.</summary>
    public async ValueTask<IReadOnlyList<(Instant Instant, ClusteringPlan Plan)>> ReadPendingClusteringsAsync(ActiveTimeline timeline, CancellationToken cancellationToken = default)
    {
        var found = new List<(Instant, ClusteringPlan)>();
        foreach (var instant in timeline.Pending.Where(i => i.Action is Actions.Clustering or Actions.ReplaceCommit))
        {
            if (await ReadClusteringPlanAsync(instant, cancellationToken) is { } plan)
            {
                found.Add((instant, plan));
            }
        }

        return found;
    }

    /// <summary>The plan of a clustering, from its requested file; null where that plans none, or is not there.</summary>
    public async ValueTask<ClusteringPlan?> ReadClusteringPlanAsync(Instant instant, CancellationToken cancellationToken = default)
    {
        var path = PathOf(instant with { State = InstantState.Requested });
        var content = await Store.GetInfoAsync(path, cancellationToken) is null ? default : await Store.ReadAsync(path, cancellationToken);
        try
        {
            return content.IsEmpty ? null : ClusteringPlan.Read(content.Span);
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, e.Problem, Store.Root, path, instant.RequestedTime, "Roll the clustering back", e);
        }
    }
}
