using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// What an action adds to the partition <see cref="MetadataPartitions.Files"/> (HoodieTableMetadataUtil.convertMetadataToFilesPartitionRecords): the partitions it wrote to, also those that are known, and in
/// each the files it wrote, logs and change data among them. What it replaced stays until it is cleaned.
/// </summary>
internal static class FilesRecords
{
    public static IReadOnlyList<MetadataRecord> Of(CommitMetadata metadata) => Of(metadata.PartitionToWriteStats.ToDictionary(p => p.Key, p => FilesOf(p.Value)));

    /// <summary>Version 6: the logs that a rollback undid and those that it added; what it deleted was never listed.</summary>
    public static IReadOnlyList<MetadataRecord> Of(RollbackMetadata rollback)
    {
        var partitions = rollback.Partitions
            .ToDictionary(p => p.Key, p => (IReadOnlyDictionary<string, long>)p.Value.FailedLogs.Concat(p.Value.CommandLogs).ToDictionary(f => f.Key[(f.Key.LastIndexOf('/') + 1)..], f => f.Value))
            .Where(p => p.Value.Count > 0).ToDictionary();
        return partitions.Count == 0 ? [] : Of(partitions);
    }

    /// <summary>Of files by partition path and name, with their sizes.</summary>
    public static IReadOnlyList<MetadataRecord> Of(IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> partitions) =>
    [
        new(MetadataPartitions.AllPartitionsKey, new FilesPayload(MetadataRecordType.PartitionList, partitions.Keys.ToDictionary(MetadataKeys.Files, _ => new MetadataFileInfo(0, false)))),
        .. partitions.Where(p => p.Value.Count > 0).Select(p => Files(p.Key, p.Value)),
    ];

    /// <summary>The files of one partition.</summary>
    public static MetadataRecord Files(string partitionPath, IReadOnlyDictionary<string, long> files) =>
        new(MetadataKeys.Files(partitionPath), new FilesPayload(MetadataRecordType.Files, files.ToDictionary(f => f.Key, f => new MetadataFileInfo(f.Value, false))));

    private static IReadOnlyDictionary<string, long> FilesOf(IReadOnlyList<WriteStat> stats)
    {
        var files = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var stat in stats.Where(s => s.Path is not null))
        {
            Add(stat.Path!, stat.FileSizeInBytes);
            foreach (var (path, size) in stat.CdcStats ?? new Dictionary<string, long>())
            {
                Add(path, size);
            }
        }

        return files;

        // A log that was written to more than once has several stats.
        void Add(string path, long size)
        {
            var name = path[(path.LastIndexOf('/') + 1)..];
            files[name] = Math.Max(size, files.GetValueOrDefault(name));
        }
    }
}
