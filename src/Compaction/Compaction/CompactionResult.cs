namespace OllaLab.Lakehouse;

/// <summary>What a compaction did. Counts are rows unless said.</summary>
public sealed record CompactionResult
{
    /// <summary>Its instant (requested time); null in a dry run, of a compaction that is not planned yet.</summary>
    public string? Instant { get; init; }

    /// <summary>When it completed, in the form of an instant; null in a version 6 table, whose commits do not name it.</summary>
    public string? CompletionTime { get; init; }

    /// <summary>File groups that were compacted.</summary>
    public int FileGroups { get; init; }

    /// <summary>Log files that were merged.</summary>
    public int LogFiles { get; init; }

    /// <summary>Bytes of these log files.</summary>
    public long LogBytes { get; init; }

    /// <summary>Records of the logs, before they were merged with one another.</summary>
    public long LogRecords { get; init; }

    /// <summary>Rows in the files written.</summary>
    public long Rows { get; init; }

    /// <summary>Stored rows that were replaced by logged ones.</summary>
    public long Updated { get; init; }

    /// <summary>Stored rows that logged deletes removed.</summary>
    public long Deleted { get; init; }

    /// <summary>Rows that only logs had.</summary>
    public long Inserted { get; init; }

    /// <summary>Bytes of the files written, one a file group.</summary>
    public long BytesWritten { get; init; }
}
