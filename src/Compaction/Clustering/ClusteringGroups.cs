using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Puts a partition's small files into groups (PartitionAwareClusteringPlanStrategy.buildClusteringGroupsForPartition, SparkSingleFileSortPlanStrategy).</summary>
/// <param name="root">The table's root: a plan has full paths.</param>
/// <param name="options">The settings.</param>
/// <param name="maxFileSize">Bytes that a base file is taken to have where there is none.</param>
internal sealed class ClusteringGroups(string root, ClusteringOptions options, long maxFileSize)
{
    /// <summary>The groups of one partition.</summary>
    /// <param name="slices">Its slices that no other service is going to rewrite.</param>
    public IEnumerable<ClusteringGroup> Of(IEnumerable<FileSlice> slices)
    {
        var small = slices.Where(s => (s.Base?.Length ?? 0) < options.SmallFileLimit).OrderByDescending(SizeOf).ThenBy(s => s.FileId, StringComparer.Ordinal);
        return options.Strategy == ClusteringStrategy.SingleFile ? small.Select(s => ToGroup([s], 1)) : Pack(small);
    }

    // The largest first, until the next would make a group too large.
    private IEnumerable<ClusteringGroup> Pack(IEnumerable<FileSlice> slices)
    {
        var group = new List<FileSlice>();
        long bytes = 0;
        foreach (var slice in slices)
        {
            if (group.Count > 0 && bytes + SizeOf(slice) > options.MaxGroupSize)
            {
                if (IsWorth(group))
                {
                    yield return ToGroup(group, OutputsOf(bytes));
                }

                group.Clear();
                bytes = 0;
            }

            group.Add(slice);
            bytes += SizeOf(slice);
        }

        if (IsWorth(group))
        {
            yield return ToGroup(group, OutputsOf(bytes));
        }
    }

    private bool IsWorth(List<FileSlice> group) => group.Count > 1 || (group.Count == 1 && options.SingleFileGroups);

    private int OutputsOf(long bytes) => (int)Math.Clamp(Math.Ceiling((double)bytes / options.TargetFileSize), 1, int.MaxValue);

    private long SizeOf(FileSlice slice) => slice.Base?.Length ?? maxFileSize;

    /// <summary>A group of slices that become so many.</summary>
    public ClusteringGroup ToGroup(IReadOnlyList<FileSlice> slices, int outputs) => new([.. slices.Select(ToSlice)], PlanMetrics.Of(slices, maxFileSize), outputs);

    private ClusteringSlice ToSlice(FileSlice slice) => new(slice.PartitionPath, slice.FileId, slice.Base is { } file ? FullPath(file.Path) : null, [.. slice.Logs.Select(l => FullPath(l.Path))]);

    private string FullPath(string path) => ObjectPath.Join(root.TrimEnd('/'), path);
}
