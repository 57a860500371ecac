using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>The targets of one write, in the order they were first hit.</summary>
/// <param name="clustered">File groups that a planned clustering will replace, with its instant: none of them can be a target while it is planned.</param>
/// <param name="updates">What becomes of a clustering that is in the way.</param>
internal sealed class WriteTargets(IReadOnlyDictionary<(string Partition, string FileId), string> clustered, ClusteringUpdates updates)
{
    private readonly Dictionary<(string Partition, string FileId), WriteTarget> bySlice = [];
    private readonly Dictionary<string, WriteTarget> newGroups = new(StringComparer.Ordinal);
    private readonly List<WriteTarget> all = [];

    public IReadOnlyList<WriteTarget> All => all;

    /// <summary>The clusterings to roll back before the write: it changes rows of their file groups (SparkAllowUpdateStrategy).</summary>
    public SortedSet<string> ClusteringsInTheWay { get; } = new(StringComparer.Ordinal);

    public WriteTarget this[int ordinal] => all[ordinal];

    public bool Contains(FileSlice slice) => bySlice.ContainsKey((slice.PartitionPath, slice.FileId));

    /// <summary>Whether a slice can take rows.</summary>
    public bool IsOpen(FileSlice slice) => !clustered.ContainsKey((slice.PartitionPath, slice.FileId));

    /// <exception cref="LakehouseException">Conflict: a clustering of the file group is planned (HoodieClusteringUpdateException).</exception>
    /// <param name="slice">The slice.</param>
    /// <param name="logsAll"><see cref="WriteTarget.LogsAll"/>.</param>
    public WriteTarget For(FileSlice slice, bool logsAll = false)
    {
        if (clustered.TryGetValue((slice.PartitionPath, slice.FileId), out var clustering))
        {
            ClusteringsInTheWay.Add(updates == ClusteringUpdates.RollBackClustering ? clustering : throw new LakehouseException(
                LakehouseErrorKind.Conflict,
                $"The write changes rows of file group {slice.FileId} in partition '{slice.PartitionPath}', for which a clustering is planned: the changes would be lost with it",
                instant: clustering,
                remedy: "Execute the clustering (cluster --execute) or roll it back (cluster --rollback), then repeat the write"));
        }

        if (!bySlice.TryGetValue((slice.PartitionPath, slice.FileId), out var target))
        {
            target = Add(slice.PartitionPath, slice, null, logsAll);
            bySlice.Add((slice.PartitionPath, slice.FileId), target);
        }

        return target;
    }

    public WriteTarget ForNewGroups(string partitionPath)
    {
        if (!newGroups.TryGetValue(partitionPath, out var target))
        {
            target = Add(partitionPath, null, null);
            newGroups.Add(partitionPath, target);
        }

        return target;
    }

    /// <summary>A new file group of that id.</summary>
    public WriteTarget ForNewGroup(string partitionPath, string fileId) => Add(partitionPath, null, fileId);

    /// <summary>The workload profile that the inflight file holds: for each partition its inserts, then each changed file group (BaseCommitActionExecutor.saveWorkloadProfileMetadataToInflight).</summary>
    public CommitMetadata ToProfile(WritePlan plan) => new()
    {
        OperationType = plan.OperationName,
        PartitionToWriteStats = all.GroupBy(t => t.PartitionPath).ToDictionary(g => g.Key, g => (IReadOnlyList<WriteStat>)
        [
            new WriteStat { FileId = string.Empty, PrevCommit = "null", NumInserts = g.Sum(t => t.Inserts) },
            .. g.Where(t => t.Slice is not null).Select(t => new WriteStat { FileId = t.Slice!.FileId, PrevCommit = t.Slice.BaseInstant, NumUpdateWrites = t.Changes }),
        ]),
    };

    private WriteTarget Add(string partitionPath, FileSlice? slice, string? newFileGroup, bool logsAll = false)
    {
        if (all.Count > RowOrder.MaxTarget)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, $"One write changes more than {RowOrder.MaxTarget} file groups", remedy: "Split the input into several writes");
        }

        var target = new WriteTarget(all.Count, partitionPath, slice, newFileGroup) { LogsAll = logsAll };
        all.Add(target);
        return target;
    }
}
