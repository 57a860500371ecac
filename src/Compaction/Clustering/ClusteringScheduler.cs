using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Plans clusterings (ClusteringPlanActionExecutor, PartitionAwareClusteringPlanStrategy).</summary>
/// <param name="client">The table's timeline.</param>
/// <param name="config">The table.</param>
/// <param name="options">What is to be clustered.</param>
/// <param name="maxFileSize">Bytes that a base file is taken to have where there is none yet.</param>
internal sealed class ClusteringScheduler(TimelineClient client, TableConfig config, ClusteringOptions options, long maxFileSize)
{
    private const string SortAndSize = ClusteringStrategies.Package + "SparkSortAndSizeExecutionStrategy";
    private const string ResizeBuckets = ClusteringStrategies.Package + "SparkConsistentBucketClusteringExecutionStrategy";
    private const string SingleFileSort = ClusteringStrategies.Package + "SparkSingleFileSortExecutionStrategy";

    /// <summary>Plans a clustering. Where nothing is to be done, the timeline stays as it is.</summary>
    /// <param name="always">Whether it is planned even where fewer commits came than make one due.</param>
    /// <param name="cancellationToken">Ends the work; a plan that is written stays.</param>
    /// <returns>The requested instant, or null.</returns>
    public async ValueTask<Instant?> ScheduleAsync(bool always, CancellationToken cancellationToken)
    {
        while (true)
        {
            var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
            if (!always && !await IsDueAsync(timeline, cancellationToken))
            {
                return null;
            }

            if (await PlanAsync(timeline, cancellationToken) is not { } plan)
            {
                return null;
            }

            if (await RequestAsync(timeline, plan, cancellationToken) is { } requested)
            {
                return requested;
            }
        }
    }

    /// <summary>The plan as of a timeline; null where there is nothing to cluster.</summary>
    public async ValueTask<ClusteringPlan?> PlanAsync(ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        RequireClusterable(config);
        var view = new FileSystemView(client, timeline);
        var planned = await PlannedFileGroups.ReadAsync(client, timeline, Actions.Clustering, cancellationToken);
        var packing = new ClusteringGroups(client.Store.Root, options, maxFileSize);
        var rings = await HashingMetadata.IsUsedAsync(client.Store, cancellationToken) ? new HashingMetadata(client.Store) : null;
        var resizing = new BucketGroups(options, maxFileSize, client.Environment.NewGuid, (s, outputs, extra) => packing.ToGroup(s, outputs) with { ExtraMetadata = extra });
        var clustered = (await client.ReadClusteredFileGroupsAsync(timeline, cancellationToken)).Keys.Select(g => g.Partition).ToHashSet();
        var groups = new List<ClusteringGroup>();
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var partition in PartitionSelection.Select(await view.GetPartitionsAsync(cancellationToken), options, client.Environment.Clock.GetLocalNow().Hour))
        {
            if (groups.Count >= options.MaxGroups)
            {
                missing.Add(partition);
                continue;
            }

            var slices = await view.GetSlicesAsync(partition, cancellationToken: cancellationToken);
            var free = slices.Where(s => !planned.Contains((s.PartitionPath, s.FileId))).ToList();
            if (rings is null)
            {
                RequireNoBuckets(slices);
                groups.AddRange(packing.Of(free));
            }
            else if (!clustered.Contains(partition) && await rings.LoadAsync(timeline, partition, slices, cancellationToken) is { } ring)
            {
                // One resizing of a partition at a time: the next is planned for the buckets that it leaves.
                groups.AddRange(resizing.Of(ring, free));
            }
        }

        // Hudi's next plan looks only at partitions that were written to since this one, and at these.
        missing.UnionWith(groups.Skip(options.MaxGroups).Select(g => g.PartitionPath));

        return groups.Count == 0
            ? null
            : new ClusteringPlan([.. groups.Take(options.MaxGroups)], rings is not null ? ResizeBuckets : options.Strategy == ClusteringStrategy.SingleFile ? SingleFileSort : SortAndSize, ClusteringStrategies.Parameters(options), MissingPartitions: missing.Count == 0 ? null : [.. missing]);
    }

    /// <summary>Refuses, by name, tables that cannot be clustered here.</summary>
    public static void RequireClusterable(TableConfig config)
    {
        if (config.DropPartitionColumns)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"A table whose files lack the partition columns ({ConfigKeys.DropPartitionColumns}) cannot be clustered",
                config.Root,
                TableConfig.Path,
                remedy: "Cluster it with Apache Hudi");
        }
    }

    // Under the table's lock: what a write completes before is in the plan, and a write that completes afterwards sees the plan and gives way.
    private ValueTask<Instant?> RequestAsync(ActiveTimeline timeline, ClusteringPlan plan, CancellationToken cancellationToken) => client.Locks.RunAsync(
        async _ =>
        {
            var now = await client.LoadAsync(cancellationToken: cancellationToken);
            if (!now.Instants.SequenceEqual(timeline.Instants))
            {
                return null;
            }

            var requested = new Instant(client.NewInstantTime(now), client.Layout.OrdersByCompletion ? Actions.Clustering : Actions.ReplaceCommit, InstantState.Requested);
            return await client.TryRequestAsync(requested, plan.Write(), cancellationToken) ? requested : null;
        },
        cancellationToken);

    // As many completed commits as the settings say since the last clustering, planned ones too.
    private async ValueTask<bool> IsDueAsync(ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var commits = 0;
        foreach (var instant in timeline.Instants.Reverse())
        {
            if (instant.IsCompleted ? instant.Action == Actions.ReplaceCommit && (await client.ReadCommitMetadataAsync(instant, cancellationToken)).OperationType == WriteOperations.Cluster
                : instant.Action is Actions.Clustering or Actions.ReplaceCommit && await client.ReadClusteringPlanAsync(instant, cancellationToken) is not null)
            {
                return false;
            }

            if (instant.IsCompleted && Actions.IsWrite(instant.Action) && ++commits >= options.MaxCommits)
            {
                return true;
            }
        }

        return false;
    }

    private void RequireNoBuckets(IReadOnlyList<FileSlice> slices)
    {
        if (slices.Count > 0 && BucketIdentifier.AreBuckets([.. slices.Select(s => s.FileId)]))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"The file groups of partition '{slices[0].PartitionPath}' are buckets, whose rows a clustering would put where their index does not look for them",
                config.Root,
                slices[0].PartitionPath,
                remedy: "Leave the table as it is; choose another number of buckets by copying it");
        }
    }
}
