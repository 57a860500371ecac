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
        foreach (var instant in timeline.Pending.Where(i => i.Action is Actions.Clustering or Actions.ReplaceCommit))
        {
            // A replace commit that is no clustering has no plan in its requested file.
            var path = PathOf(instant with { State = InstantState.Requested });
            var content = await Store.GetInfoAsync(path, cancellationToken) is null ? default : await Store.ReadAsync(path, cancellationToken);
            if (!content.IsEmpty)
            {
                foreach (var slice in AvroValue.Read(content.Span).Record("clusteringPlan").List("inputGroups").OfType<IReadOnlyDictionary<string, object?>>()
                    .SelectMany(g => g.List("slices")).OfType<IReadOnlyDictionary<string, object?>>())
                {
                    groups[(slice.Text("partitionPath") ?? string.Empty, slice.Text("fileId") ?? string.Empty)] = instant.RequestedTime;
                }
            }
        }

        return groups;
    }
}
