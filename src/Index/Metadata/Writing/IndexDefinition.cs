namespace OllaLab.Lakehouse.Metadata;

/// <summary>The definition of an index (HoodieIndexDefinition).</summary>
/// <param name="Name">The metadata table's partition.</param>
/// <param name="Type">Such as column_stats or secondary_index.</param>
/// <param name="Function">Such as identity; "" where there is none.</param>
/// <param name="SourceFields">The columns.</param>
/// <param name="Options">More about it.</param>
/// <param name="Version">1 or 2; null where the definition, of Hudi 1.0, does not say.</param>
internal sealed record IndexDefinition(string Name, string Type, string Function, IReadOnlyList<string> SourceFields, IReadOnlyDictionary<string, string> Options, int? Version)
{
    private const string Partitioned = "isPartitioned";

    /// <summary>Of a record index: whether each data partition has file groups of its own.</summary>
    public bool IsPartitioned => Options.GetValueOrDefault(Partitioned) == "true";

    public static IndexDefinition OfColumnStats(IEnumerable<string> columns, int version) =>
        new(MetadataPartitions.ColumnStats, MetadataPartitions.ColumnStats, MetadataPartitions.ColumnStats, [.. columns], new Dictionary<string, string>(), version);

    /// <param name="name">As the user calls it.</param>
    /// <param name="column">Whose values lead to record keys.</param>
    /// <param name="tableVersion">From version 9 on, entries of one value lie in one file group: version 2 of the index.</param>
    public static IndexDefinition OfSecondary(string name, string column, int tableVersion) => new(
        MetadataPartitions.SecondaryIndexPrefix + name, MetadataPartitions.SecondaryIndexType, "identity", [column], new Dictionary<string, string>(), tableVersion >= 9 ? 2 : 1);

    public static IndexDefinition OfRecordIndex(bool isPartitioned) =>
        new(MetadataPartitions.RecordIndex, MetadataPartitions.RecordIndex, string.Empty, [], new Dictionary<string, string> { [Partitioned] = isPartitioned ? "true" : "false" }, 1);
}
