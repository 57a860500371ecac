namespace OllaLab.Lakehouse;

/// <summary>From when on a partition's age counts (hoodie.partition.ttl.management.strategy.type).</summary>
public enum PartitionTtlStrategy
{
    /// <summary>Since its last write (KEEP_BY_TIME).</summary>
    KeepByTime,

    /// <summary>Since its first write (KEEP_BY_CREATION_TIME).</summary>
    KeepByCreationTime,
}

/// <summary>Which partitions have expired. Names and defaults are Hudi's.</summary>
public sealed record PartitionTtlOptions
{
    /// <summary>From when on a partition's age counts; default <see cref="PartitionTtlStrategy.KeepByTime"/>.</summary>
    public PartitionTtlStrategy Strategy { get; init; } = PartitionTtlStrategy.KeepByTime;

    /// <summary>Days after which a partition expires; 0 or less: none does; default -1 (hoodie.partition.ttl.strategy.days.retain).</summary>
    public int DaysRetained { get; init; } = -1;

    /// <summary>How many partitions are deleted at most; at least 1; default 1,000 (hoodie.partition.ttl.strategy.max.delete.partitions).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxPartitions
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1_000;

    /// <summary>Partition paths that are looked at; null: all (hoodie.partition.ttl.strategy.partition.selected).</summary>
    public IReadOnlyList<string>? SelectedPartitions { get; init; }

    /// <summary>Whether it is only said what would be deleted; default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether a table's metadata table is dropped first (as Hudi does when hoodie.metadata.enable is false); default false: it is kept right.</summary>
    public bool DropMetadataTable { get; init; }
}
