using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// The file slices of a clustering plan as the table has them. A slice that is not as planned is not rewritten: what was written to it since would be lost. The exception is what Hudi's writers wrote twice:
/// to a bucket, and to those that a resizing is to make of it.
/// </summary>
internal static class ClusteredSlices
{
    /// <param name="client">The table's timeline.</param>
    /// <param name="view">Its files.</param>
    /// <param name="clustering">The clustering.</param>
    /// <param name="group">A group of its plan.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<IReadOnlyList<FileSlice>> FindAsync(TimelineClient client, FileSystemView view, string clustering, ClusteringGroup group, CancellationToken cancellationToken)
    {
        var there = (await view.GetSlicesAsync(group.PartitionPath, cancellationToken: cancellationToken)).ToDictionary(s => s.FileId);
        var slices = new List<FileSlice>();
        var since = new HashSet<string>(StringComparer.Ordinal);
        foreach (var planned in group.Slices)
        {
            var names = planned.LogFileNames.ToHashSet(StringComparer.Ordinal);
            if (!there.TryGetValue(planned.FileId, out var slice) || slice.Base?.FileName != planned.BaseFileName || names.Except(slice.Logs.Select(l => l.FileName)).Any())
            {
                throw Changed(clustering, planned);
            }

            slices.Add(slice with { Logs = [.. slice.Logs.Where(l => names.Contains(l.FileName))] });
            since.UnionWith(slice.Logs.Select(l => l.FileName).Except(names));
        }

        return since.Count == 0 || await AreWrittenTwiceAsync(client, view.Timeline, clustering, group, since, cancellationToken) ? slices : throw Changed(clustering, group.Slices[0]);
    }

    /// <summary>Whether each commit that logged to the slices logged as many rows and deletes to the buckets that the plan makes of them (SparkConsistentBucketDuplicateUpdateStrategy).</summary>
    private static async ValueTask<bool> AreWrittenTwiceAsync(TimelineClient client, ActiveTimeline timeline, string clustering, ClusteringGroup group, HashSet<string> logs, CancellationToken cancellationToken)
    {
        if (!group.ExtraMetadata.ContainsKey(BucketResize.Children))
        {
            return false;
        }

        var outputs = BucketResize.OutputsOf(group).ToHashSet(StringComparer.Ordinal);
        foreach (var commit in timeline.CompletedWrites.Where(i => string.CompareOrdinal(i.RequestedTime, clustering) > 0))
        {
            var stats = (await client.ReadCommitMetadataAsync(commit, cancellationToken)).PartitionToWriteStats.GetValueOrDefault(group.PartitionPath, []);
            var first = stats.Where(s => s.Path is not null && logs.Contains(NameOf(s.Path))).ToList();
            var second = stats.Where(s => s.FileId is not null && outputs.Contains(s.FileId)).ToList();
            if (first.Sum(s => s.NumWrites) != second.Sum(s => s.NumWrites) || first.Sum(s => s.NumDeletes) != second.Sum(s => s.NumDeletes))
            {
                return false;
            }

            logs.ExceptWith(first.Select(s => NameOf(s.Path!)));
        }

        return logs.Count == 0;
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static LakehouseException Changed(string clustering, ClusteringSlice planned) => new(
        LakehouseErrorKind.Conflict,
        $"File group {planned.FileId} in partition '{planned.PartitionPath}' has changed, or is gone, since its clustering was planned",
        path: planned.PartitionPath,
        instant: clustering,
        remedy: "Roll the clustering back (cluster --rollback) and plan another");
}
