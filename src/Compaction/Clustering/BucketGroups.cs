using System.Globalization;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Which buckets of a partition are split and which are merged (BaseConsistentHashingBucketClusteringPlanStrategy); those that stay are rewritten where rows are to be sorted.</summary>
/// <param name="options">The settings.</param>
/// <param name="maxFileSize">Bytes to which the thresholds refer.</param>
/// <param name="newId">Makes ids of file groups.</param>
/// <param name="toGroup">Makes a group of slices that become so many, with what the plan says of it.</param>
internal sealed class BucketGroups(ClusteringOptions options, long maxFileSize, Func<Guid> newId, Func<IReadOnlyList<FileSlice>, int, IReadOnlyDictionary<string, string>, ClusteringGroup> toGroup)
{
    /// <summary>The groups of one partition.</summary>
    /// <param name="ring">Its buckets.</param>
    /// <param name="slices">Its slices that no other service is going to rewrite.</param>
    public IReadOnlyList<ClusteringGroup> Of(HashingRing ring, IReadOnlyList<FileSlice> slices)
    {
        var groups = new List<ClusteringGroup>();
        var left = new SortedDictionary<int, FileSlice>();
        int buckets = ring.Nodes.Count;
        foreach (var slice in slices)
        {
            int node = ring.IndexOfFile(slice.FileId);
            if (node < 0)
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Corrupt, $"File group {slice.FileId} of partition '{slice.PartitionPath}' is none of the partition's buckets", path: slice.PartitionPath, remedy: "Copy the table into a new one");
            }

            if (SizeOf(slice) > maxFileSize * options.SplitThreshold && buckets < (options.MaxBuckets ?? ring.NumBuckets) && ring.Split(node, newId) is { } halves)
            {
                groups.Add(toGroup([slice], 2, Describe(ring, halves)));
                buckets++;
            }
            else
            {
                left.Add(node, slice);
            }
        }

        groups.AddRange(Merge(ring, left, buckets - (options.MinBuckets ?? ring.NumBuckets)));
        if (options.SortColumns.Count > 0)
        {
            groups.AddRange(left.Select(l => toGroup([l.Value], 1, Describe(ring, [ring.Renew(l.Key, newId)]))));
        }

        return groups;
    }

    // Runs of small neighbours, as long as together they are small.
    private List<ClusteringGroup> Merge(HashingRing ring, SortedDictionary<int, FileSlice> left, int most)
    {
        var groups = new List<ClusteringGroup>();
        var run = new List<int>();
        long bytes = 0;
        foreach (int node in left.Keys.ToList())
        {
            bool fits = run.Count > 0 && node == run[^1] + 1 && bytes <= Small && IsSmall(node) && run.Count <= most;
            if (!fits)
            {
                End();
            }

            if (IsSmall(node))
            {
                run.Add(node);
                bytes += SizeOf(left[node]);
            }
        }

        End();
        return groups;

        bool IsSmall(int node) => SizeOf(left[node]) <= Small;

        void End()
        {
            if (run.Count > 1)
            {
                groups.Add(toGroup([.. run.Select(n => left[n])], 1, Describe(ring, ring.Merge(run, newId))));
                run.ForEach(n => left.Remove(n));
                most -= run.Count - 1;
            }

            run.Clear();
            bytes = 0;
        }
    }

    private double Small => maxFileSize * options.MergeThreshold;

    private static long SizeOf(FileSlice slice) => (slice.Base?.Length ?? 0) + slice.Logs.Sum(l => l.Length);

    private static Dictionary<string, string> Describe(HashingRing ring, IReadOnlyList<HashingNode> children) => new()
    {
        [BucketResize.Partition] = ring.PartitionPath,
        [BucketResize.Children] = HashingNode.WriteAll(children),
        [BucketResize.SequenceNumber] = ring.SequenceNumber.ToString(CultureInfo.InvariantCulture),
    };
}
