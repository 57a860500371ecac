namespace OllaLab.Lakehouse.Metadata;

/// <summary>The file groups of one partition of the metadata table, as a writer gives records to them (HoodieTableMetadataUtil.mapRecordKeyToFileGroupIndex).</summary>
internal sealed class MetadataShardMap
{
    private readonly string partition;
    private readonly int version;
    private readonly Dictionary<string, IReadOnlyList<MetadataGroup>> groups;

    /// <param name="partition">Of the metadata table.</param>
    /// <param name="version">Of the index.</param>
    /// <param name="groups">All its file groups, in the order of their file ids.</param>
    public MetadataShardMap(string partition, int version, IEnumerable<MetadataGroup> groups)
    {
        this.partition = partition;
        this.version = version;
        this.groups = groups.GroupBy(g => DataPartitionOf(g.FileId), StringComparer.Ordinal).ToDictionary(g => g.Key, g => (IReadOnlyList<MetadataGroup>)[.. g], StringComparer.Ordinal);
    }

    /// <summary>The data partitions of records that have no file groups yet, in a partitioned record index.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<MetadataRecord> records) =>
        [.. records.Select(r => r.DataPartition).OfType<string>().Distinct(StringComparer.Ordinal).Where(p => !groups.ContainsKey(p)).Order(StringComparer.Ordinal)];

    public void Add(string dataPartition, IReadOnlyList<MetadataGroup> made) => groups.Add(dataPartition, made);

    /// <summary>The records of each file group.</summary>
    public IEnumerable<(MetadataGroup Group, IReadOnlyList<MetadataRecord> Records)> Split(IEnumerable<MetadataRecord> records) =>
        records.GroupBy(GroupOf).Select(g => (g.Key, (IReadOnlyList<MetadataRecord>)[.. g]));

    private MetadataGroup GroupOf(MetadataRecord record)
    {
        var of = groups[record.DataPartition ?? string.Empty];
        return of[MetadataShards.Of(HashedPartOf(record.Key), of.Count)];
    }

    /// <summary>In version 2 of secondary indexes entries of one value lie in one group.</summary>
    private string HashedPartOf(string key) => version >= 2 && partition.StartsWith(MetadataPartitions.SecondaryIndexPrefix, StringComparison.Ordinal)
        ? key[..SecondaryKeys.PrefixLength(key)]
        : key;

    private string DataPartitionOf(string fileId) => partition == MetadataPartitions.RecordIndex ? MetadataFileIds.DataPartitionOf(fileId) ?? string.Empty : string.Empty;
}
