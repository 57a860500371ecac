namespace OllaLab.Lakehouse;

/// <summary>What a clustering takes and what it makes of it. Names and defaults are Hudi's; sizes are bytes.</summary>
public sealed record ClusteringOptions
{
    /// <summary>What is made of file groups; default <see cref="ClusteringStrategy.Size"/>.</summary>
    public ClusteringStrategy Strategy { get; init; } = ClusteringStrategy.Size;

    /// <summary>Columns that rows are sorted by, within a group; default none: rows stay in the order in which they are stored (hoodie.clustering.plan.strategy.sort.columns).</summary>
    public IReadOnlyList<string> SortColumns { get; init; } = [];

    /// <summary>How they are sorted; default <see cref="ClusteringLayout.Linear"/> (hoodie.layout.optimize.strategy).</summary>
    public ClusteringLayout Layout { get; init; } = ClusteringLayout.Linear;

    /// <summary>Size of the files written; at least 1; default 1 GiB (hoodie.clustering.plan.strategy.target.file.max.bytes).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public long TargetFileSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1L << 30;

    /// <summary>Base files below this size are taken; default 300 MiB (hoodie.clustering.plan.strategy.small.file.limit).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public long SmallFileLimit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 300L << 20;

    /// <summary>Size of the base files that are rewritten together; at least 1; default 2 GiB (hoodie.clustering.plan.strategy.max.bytes.per.group).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public long MaxGroupSize
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 2L << 30;

    /// <summary>Groups of one plan; at least 1; default 30 (hoodie.clustering.plan.strategy.max.num.groups). What is left is for the next plan.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxGroups
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 30;

    /// <summary>Whether a file group with which no other goes together is rewritten; default true (hoodie.clustering.plan.strategy.single.group.clustering.enabled).</summary>
    public bool SingleFileGroups { get; init; } = true;

    /// <summary>Which partitions; default <see cref="ClusteringPartitions.All"/>.</summary>
    public ClusteringPartitions Partitions { get; init; } = ClusteringPartitions.All;

    /// <summary>For <see cref="ClusteringPartitions.Recent"/>: how many; default 2 (hoodie.clustering.plan.strategy.daybased.lookback.partitions).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int RecentPartitions
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 2;

    /// <summary>For <see cref="ClusteringPartitions.Recent"/>: how many of the latest are passed over; default 0 (hoodie.clustering.plan.strategy.daybased.skipfromlatest.partitions).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int SkippedPartitions
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>For <see cref="ClusteringPartitions.Range"/>: the first, inclusive; null: from the beginning (hoodie.clustering.plan.strategy.cluster.begin.partition).</summary>
    public string? BeginPartition { get; init; }

    /// <summary>For <see cref="ClusteringPartitions.Range"/>: the last, inclusive; null: to the end (hoodie.clustering.plan.strategy.cluster.end.partition).</summary>
    public string? EndPartition { get; init; }

    /// <summary>Partition paths; null: all that the other settings leave (hoodie.clustering.plan.strategy.partition.selected).</summary>
    public IReadOnlyList<string>? SelectedPartitions { get; init; }

    /// <summary>A regular expression that a whole partition path matches; null: any (hoodie.clustering.plan.strategy.partition.regex.pattern). It does not count where partitions are selected by name.</summary>
    public string? PartitionPattern { get; init; }

    /// <summary>Commits since the last clustering after which the next is due; at least 1; default 4 (hoodie.clustering.inline.max.commits).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MaxCommits
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 4;

    /// <summary>Buckets that a partition has at most where its keys are found by consistent hashing; at least 1; null: as many as it had at first (hoodie.bucket.index.max.num.buckets). A larger one is split as long as there are fewer.</summary>
    public int? MaxBuckets { get; init; }

    /// <summary>Buckets that it has at least; null: as many as it had at first (hoodie.bucket.index.min.num.buckets). Small neighbours are merged as long as there are more.</summary>
    public int? MinBuckets { get; init; }

    /// <summary>From how many times the size of a base file (hoodie.parquet.max.file.size) on a bucket is split; default 2 (hoodie.bucket.index.split.threshold).</summary>
    public double SplitThreshold { get; init; } = 2;

    /// <summary>Up to which share of the size of a base file a bucket is merged with its neighbours; default 0.2 (hoodie.bucket.index.merge.threshold).</summary>
    public double MergeThreshold { get; init; } = 0.2;

    /// <summary>Whether it is only said what would be rewritten; default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether a table's metadata table is dropped first (as Hudi does when hoodie.metadata.enable is false); default false: it is kept right.</summary>
    public bool DropMetadataTable { get; init; }
}
