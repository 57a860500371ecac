using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// What a clean changes in the metadata table (HoodieTableMetadataUtil.convertMetadataToRecords(HoodieCleanMetadata)): the deleted files go from the listing, from column_stats and from bloom_filters. Statistics
/// of partitions stay as they are: bounds may be loose.
/// </summary>
internal static class CleanRecords
{
    public static async ValueTask<Dictionary<string, IReadOnlyList<MetadataRecord>>> OfAsync(MetadataFolder folder, CleanMetadata metadata, MetadataSource source, CancellationToken cancellationToken)
    {
        var records = new Dictionary<string, IReadOnlyList<MetadataRecord>> { [MetadataPartitions.Files] = FilesOf(metadata) };
        var deleted = metadata.Partitions.SelectMany(p => p.Value.DeletedFiles.Select(name => (Partition: p.Key, Name: name))).ToList();
        if (folder.Partitions.Contains(MetadataPartitions.ColumnStats))
        {
            var columns = FileIndexes.ColumnsOf(folder.Config, source.Schema, await folder.GetDefinitionsAsync(cancellationToken));
            records[MetadataPartitions.ColumnStats] =
            [
                .. deleted.Where(f => !(FileNames.TryParseLogFile(f.Partition, f.Name, 0, out var log) && log.IsCdc))
                    .SelectMany(f => columns.Select(c => new MetadataRecord(MetadataKeys.ColumnStats(c.Name, f.Partition, f.Name), null))),
            ];
        }

        if (folder.Partitions.Contains(MetadataPartitions.BloomFilters))
        {
            records[MetadataPartitions.BloomFilters] =
                [.. deleted.Where(f => FileNames.TryParseBaseFile(f.Partition, f.Name, 0, out _)).Select(f => new MetadataRecord(MetadataKeys.BloomFilter(f.Partition, f.Name), null))];
        }

        return records;
    }

    private static List<MetadataRecord> FilesOf(CleanMetadata metadata)
    {
        var records = metadata.Partitions.Where(p => p.Value.DeletedFiles.Count > 0)
            .Select(p => new MetadataRecord(
                MetadataKeys.Files(p.Key), new FilesPayload(MetadataRecordType.Files, p.Value.DeletedFiles.ToDictionary(name => name, _ => new MetadataFileInfo(0, true)))))
            .ToList();
        var partitions = metadata.Partitions.Where(p => p.Value.IsPartitionDeleted).Select(p => p.Key).ToList();
        if (partitions.Count > 0)
        {
            records.Add(new MetadataRecord(
                MetadataPartitions.AllPartitionsKey, new FilesPayload(MetadataRecordType.PartitionList, partitions.ToDictionary(MetadataKeys.Files, _ => new MetadataFileInfo(0, true)))));
        }

        return records;
    }
}
