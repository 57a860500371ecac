namespace OllaLab.Lakehouse.Metadata;

/// <summary>Names of the metadata table's partitions, as hoodie.table.metadata.partitions lists them (MetadataPartitionType).</summary>
internal static class MetadataPartitions
{
    /// <summary>The metadata table's folder in the data table.</summary>
    public const string Folder = ".hoodie/metadata";

    public const string Files = "files";
    public const string ColumnStats = "column_stats";
    public const string PartitionStats = "partition_stats";
    public const string BloomFilters = "bloom_filters";
    public const string RecordIndex = "record_index";

    /// <summary>The indexType of secondary indexes' definitions.</summary>
    public const string SecondaryIndexType = "secondary_index";
    public const string SecondaryIndexPrefix = "secondary_index_";
    public const string ExpressionIndexPrefix = "expr_index_";

    /// <summary>The partitions that a user may mean by a name: itself, or the index of that name.</summary>
    public static string[] MeantBy(string name) => [name, SecondaryIndexPrefix + name, ExpressionIndexPrefix + name];

    /// <summary>Key of the list of partitions in <see cref="Files"/>.</summary>
    public const string AllPartitionsKey = "__all_partitions__";
}
