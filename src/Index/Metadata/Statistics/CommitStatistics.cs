using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The records of column_stats and partition_stats that a commit adds.</summary>
/// <param name="columns">The columns that are indexed.</param>
/// <param name="version">Of the index: <see cref="ColumnStatsColumns.IndexVersion"/>.</param>
internal sealed class CommitStatistics(IReadOnlyList<ColumnStatsColumn> columns, int version)
{
    /// <summary>Records of column_stats: of each file that was written.</summary>
    public IEnumerable<MetadataRecord> OfFiles(IEnumerable<WrittenFile> written) =>
        from file in written
        from record in ColumnStatsRecords.OfFile(NameOf(file), file.Statistics, columns, version)
        select new MetadataRecord(MetadataKeys.ColumnStats(record.ColumnName!, file.PartitionPath, NameOf(file)), record);

    /// <summary>
    /// Records of partition_stats: of each partition that was written to, over the files of its latest slices before the commit and those written
    /// (HoodieTableMetadataUtil.convertMetadataToPartitionStatRecords).
    /// </summary>
    /// <param name="metadata">Has column_stats as they were before the commit.</param>
    /// <param name="before">The latest slices before the commit, of those partitions at least.</param>
    /// <param name="written">The files of the commit.</param>
    /// <param name="cancellationToken">Ends the look-ups.</param>
    public async ValueTask<IReadOnlyList<MetadataRecord>> OfPartitionsAsync(
        IMetadataReader metadata, IEnumerable<FileSlice> before, IReadOnlyCollection<WrittenFile> written, CancellationToken cancellationToken)
    {
        var stored = before.ToLookup(s => s.PartitionPath, FileNamesOf);
        var records = new List<MetadataRecord>();
        foreach (var partition in written.GroupBy(f => f.PartitionPath))
        {
            var files = stored[partition.Key].SelectMany(names => names).ToList();
            var keys = files.SelectMany(f => columns.Select(c => MetadataKeys.ColumnStats(c.Name, partition.Key, f))).ToList();
            var found = keys.Count == 0 ? new Dictionary<string, MetadataPayload>() : await metadata.FindAsync(MetadataPartitions.ColumnStats, keys, cancellationToken).ConfigureAwait(false);
            var bounds = files.Select(f => BoundsOf(f, partition.Key, found)).Concat(partition.Select(f => f.Statistics)).ToList();
            records.AddRange(ColumnStatsRecords.OfPartition(partition.Key, bounds, columns, version).Select(r => new MetadataRecord(MetadataKeys.PartitionStats(r.ColumnName!, partition.Key), r)));
        }

        return records;
    }

    private IReadOnlyList<ColumnBounds> BoundsOf(string file, string partitionPath, IReadOnlyDictionary<string, MetadataPayload> found) =>
    [
        .. columns.Select(c => found.GetValueOrDefault(MetadataKeys.ColumnStats(c.Name, partitionPath, file)) is ColumnStatsPayload stats ? StoredBounds.Of(stats, c.Type) : null)
            .OfType<ColumnBounds>(),
    ];

    private static IEnumerable<string> FileNamesOf(FileSlice slice) => slice.Logs.Where(l => !l.IsCdc).Select(l => l.FileName).Concat(slice.Base is { } file ? [file.FileName] : []);

    private static string NameOf(WrittenFile file) => file.Stat.Path is { } path ? path[(path.LastIndexOf('/') + 1)..] : throw new InvalidOperationException("A written file has no path.");
}
