using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// What column_stats says of the files that a table has before a commit: with those of the commit, they are what Hudi makes the statistics of a partition of
/// (HoodieTableMetadataUtil.convertMetadataToPartitionStatRecords).
/// </summary>
/// <param name="metadata">The metadata table as it was before the commit.</param>
/// <param name="view">The table's file slices then.</param>
/// <param name="columns">The columns that are indexed.</param>
internal sealed class StoredStatistics(IMetadataReader metadata, FileSystemView view, IReadOnlyList<ColumnStatsColumn> columns)
{
    /// <summary>Of each file of a partition's latest slices the bounds; of one that there are no records of, none.</summary>
    public async ValueTask<IReadOnlyList<IReadOnlyList<ColumnBounds>>> OfPartitionAsync(string partition, CancellationToken cancellationToken)
    {
        var files = (await view.GetSlicesAsync(partition, cancellationToken: cancellationToken)).SelectMany(FileNamesOf).ToList();
        var keys = files.SelectMany(f => columns.Select(c => MetadataKeys.ColumnStats(c.Name, partition, f))).ToList();
        if (keys.Count == 0)
        {
            return [];
        }

        var found = await metadata.FindAsync(MetadataPartitions.ColumnStats, keys, cancellationToken);
        return [.. files.Select(file => BoundsOf(file, partition, found))];
    }

    private IReadOnlyList<ColumnBounds> BoundsOf(string file, string partition, IReadOnlyDictionary<string, MetadataPayload> found) =>
    [
        .. columns.Select(c => found.GetValueOrDefault(MetadataKeys.ColumnStats(c.Name, partition, file)) is ColumnStatsPayload stats ? StoredBounds.Of(stats, c.Type) : null)
            .OfType<ColumnBounds>(),
    ];

    private static IEnumerable<string> FileNamesOf(FileSlice slice) => slice.Logs.Where(l => !l.IsCdc).Select(l => l.FileName).Concat(slice.Base is { } file ? [file.FileName] : []);
}
