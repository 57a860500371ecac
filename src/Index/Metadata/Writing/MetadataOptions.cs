using System.Globalization;
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

    /// <summary>Whether it has a record index, which tells in which file each record key is; default false.</summary>
    public const string GlobalRecordIndexKey = "hoodie.metadata.global.record.level.index.enable";

    /// <summary>The former name of <see cref="GlobalRecordIndexKey"/>.</summary>
    public const string RecordIndexKey = "hoodie.metadata.record.index.enable";

    /// <summary>Whether it has a record index with file groups for each data partition, where a key is looked for in one partition; default false.</summary>
    public const string PartitionedRecordIndexKey = "hoodie.metadata.record.level.index.enable";

    /// <summary>The options that are known; any other is refused.</summary>
    public static readonly string[] Known = [EnableKey, ColumnStatsKey, PartitionStatsKey, BloomFiltersKey, GlobalRecordIndexKey, RecordIndexKey, PartitionedRecordIndexKey, .. Numbers];

    private const string MaxBytesKey = "hoodie.metadata.record.index.max.filegroup.size";
    private const string GrowthFactorKey = "hoodie.metadata.record.index.growth.factor";
    private const string GlobalMinKey = "hoodie.metadata.global.record.level.index.min.filegroup.count";
    private const string GlobalMaxKey = "hoodie.metadata.global.record.level.index.max.filegroup.count";
    private const string OldGlobalMinKey = "hoodie.metadata.record.index.min.filegroup.count";
    private const string OldGlobalMaxKey = "hoodie.metadata.record.index.max.filegroup.count";
    private const string PartitionedMinKey = "hoodie.metadata.record.level.index.min.filegroup.count";
    private const string PartitionedMaxKey = "hoodie.metadata.record.level.index.max.filegroup.count";

    private static string[] Numbers => [MaxBytesKey, GrowthFactorKey, GlobalMinKey, GlobalMaxKey, OldGlobalMinKey, OldGlobalMaxKey, PartitionedMinKey, PartitionedMaxKey];

    private readonly Func<string, string?> get;

    /// <param name="table">The table's properties.</param>
    /// <param name="write">Those of the write, which come first; or null.</param>
    public MetadataOptions(IReadOnlyDictionary<string, string> table, IReadOnlyDictionary<string, string>? write = null) =>
        get = key => write?.GetValueOrDefault(key) ?? table.GetValueOrDefault(key);

    /// <summary>Whether a table without a metadata table gets one.</summary>
    public bool Enable => Flag(EnableKey, true);

    /// <summary>Whether a new record index gets file groups for each data partition.</summary>
    public bool IsRecordIndexPartitioned => Flag(PartitionedRecordIndexKey, false);

    /// <summary>How many file groups a new record index gets; a partitioned one, for each data partition.</summary>
    public RecordIndexGroups RecordIndexGroups(bool isPartitioned) => isPartitioned
        ? new((int)Number(1, PartitionedMinKey), (int)Number(10, PartitionedMaxKey), (float)Number(2, GrowthFactorKey), (long)Number(1L << 30, MaxBytesKey))
        : new((int)Number(10, GlobalMinKey, OldGlobalMinKey), (int)Number(10_000, GlobalMaxKey, OldGlobalMaxKey), (float)Number(2, GrowthFactorKey), (long)Number(1L << 30, MaxBytesKey));

    /// <summary>What a write says that a table shall not have any more: it is dropped, as Hudi's writers do.</summary>
    public bool DropsRecordIndex => Value(GlobalRecordIndexKey, RecordIndexKey) is { } text && !bool.Parse(text) && !IsRecordIndexPartitioned;

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

        bool isGlobal = bool.Parse(Value(GlobalRecordIndexKey, RecordIndexKey) ?? "false");
        if (isGlobal && IsRecordIndexPartitioned)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"A record index is either global or partitioned, and both {GlobalRecordIndexKey} and {PartitionedRecordIndexKey} are true", config.Root, remedy: "Set one of them");
        }

        // Version 6 has the global one alone.
        if (isGlobal || (config.Version >= 8 && IsRecordIndexPartitioned))
        {
            yield return MetadataPartitions.RecordIndex;
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

            if (Numbers.Contains(key))
            {
                if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || number < 1 || number > int.MaxValue)
                {
                    throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{key} is '{value}'", root, remedy: "Give a number, at least 1");
                }
            }
            else if (!bool.TryParse(value, out _))
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{key} is '{value}'", root, remedy: "Give true or false");
            }
        }
    }

    private string? Value(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (get(key) is { } text)
            {
                return text;
            }
        }

        return null;
    }

    private double Number(double otherwise, params ReadOnlySpan<string> keys) => Value(keys) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    private bool Flag(string key, bool otherwise) => get(key) is { } text ? bool.Parse(text) : otherwise;
}
