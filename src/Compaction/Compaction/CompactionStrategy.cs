namespace OllaLab.Lakehouse;

/// <summary>Which file groups a compaction takes, and in which order (hoodie.compaction.strategy).</summary>
public enum CompactionStrategy
{
    /// <summary>Those with the most bytes in logs first, at least <see cref="CompactionOptions.LogSizeThreshold"/>, until <see cref="CompactionOptions.TargetIo"/> is reached (LogFileSizeBasedCompactionStrategy).</summary>
    LogSize,

    /// <summary>Those with the most log files first, at least <see cref="CompactionOptions.LogCountThreshold"/>, until <see cref="CompactionOptions.TargetIo"/> is reached (LogFileNumBasedCompactionStrategy).</summary>
    LogCount,

    /// <summary>In the order of their partitions until <see cref="CompactionOptions.TargetIo"/> is reached (BoundedIOCompactionStrategy).</summary>
    BoundedIo,

    /// <summary>Those of the latest <see cref="CompactionOptions.TargetPartitions"/> days, in tables partitioned as year/month/day (DayBasedCompactionStrategy).</summary>
    Days,

    /// <summary>All (UnBoundedCompactionStrategy).</summary>
    Unbounded,
}
