namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a commit did to one file (HoodieWriteStat). Counts are rows, sizes bytes, times milliseconds since the epoch.</summary>
internal sealed record WriteStat
{
    public string? FileId { get; init; }

    /// <summary>Relative to the table's root.</summary>
    public string? Path { get; init; }

    /// <summary>Instant of the previous slice; the text "null" for a new file group.</summary>
    public string? PrevCommit { get; init; }
    public string? PartitionPath { get; init; }
    public long NumWrites { get; init; }
    public long NumInserts { get; init; }
    public long NumUpdateWrites { get; init; }
    public long NumDeletes { get; init; }
    public long TotalWriteBytes { get; init; }
    public long TotalWriteErrors { get; init; }
    public long FileSizeInBytes { get; init; }

    /// <summary>File name of the base file that this one replaces, or null. Not written in version 6.</summary>
    public string? PrevBaseFile { get; init; }
    public long? MinEventTime { get; init; }
    public long? MaxEventTime { get; init; }

    /// <summary>CDC files with their sizes, by path; null when there are none.</summary>
    public IReadOnlyDictionary<string, long>? CdcStats { get; init; }

    /// <summary>What only a log file has; null for a base file.</summary>
    public LogStat? Log { get; init; }

    /// <summary>What was merged into the file; null but for compactions.</summary>
    public CompactedStat? Compacted { get; init; }

    /// <summary>How long the file took, null in a workload profile.</summary>
    public RuntimeStats? RuntimeStats { get; init; }
}

/// <summary>Milliseconds that a file took (HoodieRuntimeStats): scanning logs, creating a new file, merging into one.</summary>
internal sealed record RuntimeStats(long TotalScanTime, long TotalCreateTime, long TotalUpsertTime);

/// <summary>What the write stat of a log file has besides (HoodieDeltaWriteStat).</summary>
/// <param name="Version">Of the log file.</param>
/// <param name="Offset">Byte of the file at which the write began: 0, since files are not appended to.</param>
/// <param name="BaseFile">Name of the slice's base file; "" where there is none, and from version 8 on where no change data is logged.</param>
/// <param name="LogFiles">Names of log files of the slice, this one among them: in version 6 all, from version 8 on only this one, unless change data is logged.</param>
internal sealed record LogStat(int Version, long Offset, string BaseFile, IReadOnlyList<string> LogFiles);

/// <summary>What a compaction or log compaction merged into a file.</summary>
/// <param name="LogFiles">Log files.</param>
/// <param name="LogBytes">Their bytes.</param>
/// <param name="LogBlocks">Blocks that counted.</param>
/// <param name="LogRecords">Records in these.</param>
/// <param name="Changes">Rows that were replaced, removed or added by them.</param>
/// <param name="ReadMillis">Milliseconds that reading and merging them took. Not written in version 6.</param>
internal readonly record struct CompactedStat(long LogFiles, long LogBytes, long LogBlocks, long LogRecords, long Changes, long ReadMillis);
