namespace OllaLab.Lakehouse;

/// <summary>A kind of index of the metadata table.</summary>
public enum IndexKind
{
    /// <summary>In which file each record key of the table is (record_index, global).</summary>
    RecordLevel,

    /// <summary>In which file of its partition each record key is (record_index, partitioned).</summary>
    PartitionedRecordLevel,

    /// <summary>Which record keys the values of a column have; needs <see cref="RecordLevel"/> (secondary_index_NAME).</summary>
    Secondary,

    /// <summary>Bounds and counts of columns in each file (column_stats).</summary>
    ColumnStats,

    /// <summary>Bounds and counts of columns in each partition; needs <see cref="ColumnStats"/> (partition_stats).</summary>
    PartitionStats,

    /// <summary>The bloom filters of base files' keys (bloom_filters).</summary>
    BloomFilters,
}
