namespace OllaLab.Lakehouse;

/// <summary>When a compaction is planned and what it takes. Names and defaults are Hudi's.</summary>
public sealed class CompactionOptions
{
    /// <summary>When a compaction is due; default <see cref="CompactionTrigger.Commits"/> (hoodie.compact.inline.trigger.strategy).</summary>
    public CompactionTrigger Trigger { get; init; } = CompactionTrigger.Commits;

    /// <summary>After how many delta commits; at least 1; default 5 (hoodie.compact.inline.max.delta.commits).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int DeltaCommits
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 5;

    /// <summary>After how much time, in whole seconds; default one hour (hoodie.compact.inline.max.delta.seconds).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public TimeSpan Elapsed
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            field = value;
        }
    } = TimeSpan.FromHours(1);

    /// <summary>Which file groups are taken; default <see cref="CompactionStrategy.LogSize"/> (hoodie.compaction.strategy).</summary>
    public CompactionStrategy Strategy { get; init; } = CompactionStrategy.LogSize;

    /// <summary>Bytes that one compaction reads and writes, about: the file group that reaches it is the last; default 500 GiB (hoodie.compaction.target.io, in MiB).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public long TargetIo
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    } = 512_000L << 20;

    /// <summary>Bytes of logs that a file group must have for <see cref="CompactionStrategy.LogSize"/>; default 0 (hoodie.compaction.logfile.size.threshold).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public long LogSizeThreshold
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Log files that a file group must have for <see cref="CompactionStrategy.LogCount"/>; default 0 (hoodie.compaction.logfile.num.threshold).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int LogCountThreshold
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>Partitions that <see cref="CompactionStrategy.Days"/> takes; at least 1; default 10 (hoodie.compaction.daybased.target.partitions).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int TargetPartitions
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 10;

    /// <summary>Log blocks that a file slice must have for a log compaction; at least 2; default 5 (hoodie.log.compaction.blocks.threshold).</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 2.</exception>
    public int LogBlocksThreshold
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 2);
            field = value;
        }
    } = 5;

    /// <summary>Whether it is only said what would be merged, by compactions and log compactions that plan and execute; default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether a table's metadata table is dropped first (as Hudi does when hoodie.metadata.enable is false); default false: it is kept right.</summary>
    public bool DropMetadataTable { get; init; }
}
