using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Which partitions a metadata table is to have, by Hudi's own options (HoodieMetadataConfig): as the table has them, unless the write says otherwise.</summary>
internal sealed class MetadataOptions
{
    /// <summary>How all of them begin.</summary>
    public const string Prefix = "hoodie.metadata.";

    /// <summary>Whether a table that has no metadata table gets one; default true.</summary>
    public const string EnableKey = "hoodie.metadata.enable";

    /// <summary>Whether it has column_stats; default true but in version 6, as with Hudi's Spark writer.</summary>
    public const string ColumnStatsKey = "hoodie.metadata.index.column.stats.enable";

    /// <summary>Whether it has partition_stats, which tables with partitions and column_stats may have; default true.</summary>
    public const string PartitionStatsKey = "hoodie.metadata.index.partition.stats.enable";

    /// <summary>Whether it has bloom_filters; default false.</summary>
    public const string BloomFiltersKey = "hoodie.metadata.index.bloom.filter.enable";

    /// <summary>The options that are known; any other is refused.</summary>
    public static readonly string[] Known = [EnableKey, ColumnStatsKey, PartitionStatsKey, BloomFiltersKey];

    private readonly Func<string, string?> get;

    /// <param name="table">The table's properties.</param>
    /// <param name="write">Those of the write, which come first; or null.</param>
    public MetadataOptions(IReadOnlyDictionary<string, string> table, IReadOnlyDictionary<string, string>? write = null) =>
        get = key => write?.GetValueOrDefault(key) ?? table.GetValueOrDefault(key);

    /// <summary>Whether a table without a metadata table gets one.</summary>
    public bool Enable => Flag(EnableKey, true);

    /// <summary>The partitions that a table is to have, in the order in which they are made.</summary>
    public IEnumerable<string> Wanted(TableConfig config)
    {
        if (!Enable)
        {
            yield break;
        }

        yield return MetadataPartitions.Files;
        bool statistics = Flag(ColumnStatsKey, config.Version >= 8);
        if (statistics)
        {
            yield return MetadataPartitions.ColumnStats;
        }

        if (Flag(BloomFiltersKey, false))
        {
            yield return MetadataPartitions.BloomFilters;
        }

        if (statistics && config.Version >= 8 && config.PartitionFields.Length > 0 && Flag(PartitionStatsKey, true))
        {
            yield return MetadataPartitions.PartitionStats;
        }
    }

    /// <summary>Refuses an option that is not known, and a value that is neither true nor false.</summary>
    public static void Check(IEnumerable<KeyValuePair<string, string>> options, string? root = null)
    {
        foreach (var (key, value) in options.Where(o => o.Key.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            if (!Known.Contains(key))
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The option '{key}' is not known", root, remedy: $"Leave it out; known are {string.Join(", ", Known)}");
            }

            if (!bool.TryParse(value, out _))
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{key} is '{value}'", root, remedy: "Give true or false");
            }
        }
    }

    private bool Flag(string key, bool otherwise) => get(key) is { } text ? bool.Parse(text) : otherwise;
}
