using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>A data file as the metadata table's indexes see it.</summary>
/// <param name="PartitionPath">Its partition.</param>
/// <param name="Name">Its bare name.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Bounds">Those of the columns of column_stats, where they are known; null: the file is looked into.</param>
internal readonly record struct DataFile(string PartitionPath, string Name, long Length, IReadOnlyList<ColumnBounds>? Bounds = null);

/// <summary>Records of column_stats, partition_stats and bloom_filters from the files of a commit, which are looked into.</summary>
/// <param name="store">The table's storage.</param>
/// <param name="config">The table.</param>
/// <param name="source">How its files are read.</param>
/// <param name="columns">The columns of column_stats.</param>
/// <param name="version">The version of column_stats: how bounds are stored.</param>
internal sealed class FileIndexes(IObjectStore store, TableConfig config, MetadataSource source, IReadOnlyList<ColumnStatsColumn> columns, int version)
{
    private const string SimpleBloom = "SIMPLE";

    private readonly string[] names = [.. columns.Select(c => c.Name)];

    // Where a merge makes a row of columns of several versions, files looked at one by one cannot rule it out (see BaseFileContext.LogStatisticsColumns).
    private readonly bool logs = config.MergeMode is MergeMode.CommitTime or MergeMode.EventTime && config.PartialUpdateMode == PartialUpdateMode.None;

    /// <summary>The columns of column_stats: those of its definition; where there is none, the first ones, and in version 6 all of them (Hudi 0.15 defines no indexes).</summary>
    public static IReadOnlyList<ColumnStatsColumn> ColumnsOf(TableConfig config, TableSchema schema, IndexDefinitions definitions) =>
        definitions.SourceFields(MetadataPartitions.ColumnStats) is var fields && fields is null && config.Version < 8
            ? ColumnStatsColumns.All(schema)
            : ColumnStatsColumns.Of(config, schema, fields, indexVersion: definitions.VersionOf(MetadataPartitions.ColumnStats, config));

    /// <summary>The records of the wanted partitions.</summary>
    /// <param name="files">Base files and logs; change data has no records.</param>
    /// <param name="wanted">Partitions of the metadata table.</param>
    /// <param name="before">The other files of a data partition, with their bounds, for the records of partition_stats; null: there are none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<Dictionary<string, IReadOnlyList<MetadataRecord>>> ReadAsync(
        IReadOnlyCollection<DataFile> files, IReadOnlySet<string> wanted, StoredStatistics? before, CancellationToken cancellationToken)
    {
        var stats = new List<MetadataRecord>();
        var blooms = new List<MetadataRecord>();
        var bounds = new Dictionary<string, List<IReadOnlyList<ColumnBounds>>>();
        bool statistics = wanted.Contains(MetadataPartitions.ColumnStats) || wanted.Contains(MetadataPartitions.PartitionStats);
        bool blooming = wanted.Contains(MetadataPartitions.BloomFilters);
        foreach (var file in files)
        {
            if (FileNames.TryParseLogFile(file.PartitionPath, file.Name, file.Length, out var log))
            {
                if (!log.IsCdc && statistics)
                {
                    Add(file, file.Bounds is { } known ? known : logs ? await new FileBounds(store, source.Format, source.Schema, names).OfLogAsync(log.Path, file.Length, cancellationToken) : []);
                }
            }
            else
            {
                var footer = statistics && file.Bounds is null || blooming ? await ParquetFooter.ReadAsync(store, ObjectPath.Join(file.PartitionPath, file.Name), file.Length, cancellationToken: cancellationToken) : null;
                if (statistics)
                {
                    Add(file, file.Bounds ?? FooterBounds.Of(footer!, names));
                }

                if (blooming && footer!.GetKeyValue(BaseFileWriter.BloomKey) is { } bloom && FileNames.TryParseBaseFile(file.PartitionPath, file.Name, file.Length, out var parsed))
                {
                    blooms.Add(new MetadataRecord(
                        MetadataKeys.BloomFilter(file.PartitionPath, file.Name),
                        new BloomFilterPayload(footer.GetKeyValue(BaseFileWriter.BloomTypeKey) ?? SimpleBloom, parsed.Instant, System.Text.Encoding.UTF8.GetBytes(bloom), false)));
                }
            }
        }

        var records = new Dictionary<string, IReadOnlyList<MetadataRecord>>();
        if (wanted.Contains(MetadataPartitions.ColumnStats))
        {
            records[MetadataPartitions.ColumnStats] = stats;
        }

        if (wanted.Contains(MetadataPartitions.PartitionStats))
        {
            var partitions = new List<MetadataRecord>();
            foreach (var (partition, own) in bounds)
            {
                IReadOnlyList<ColumnBounds>[] all = before is null ? [.. own] : [.. await before.OfPartitionAsync(partition, cancellationToken), .. own];
                partitions.AddRange(ColumnStatsRecords.OfPartition(partition, all, columns, version).Select(r => new MetadataRecord(MetadataKeys.PartitionStats(r.ColumnName!, partition), r)));
            }

            records[MetadataPartitions.PartitionStats] = partitions;
        }

        if (wanted.Contains(MetadataPartitions.BloomFilters))
        {
            records[MetadataPartitions.BloomFilters] = blooms;
        }

        return records;

        void Add(DataFile file, IReadOnlyList<ColumnBounds> found)
        {
            stats.AddRange(ColumnStatsRecords.OfFile(file.Name, found, columns, version)
                .Select(r => new MetadataRecord(MetadataKeys.ColumnStats(r.ColumnName!, file.PartitionPath, file.Name), r)));
            if (!bounds.TryGetValue(file.PartitionPath, out var partition))
            {
                bounds.Add(file.PartitionPath, partition = []);
            }

            partition.Add(found);
        }
    }
}
