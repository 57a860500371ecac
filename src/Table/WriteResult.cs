namespace OllaLab.Lakehouse;

/// <summary>What a write did. Counts are rows.</summary>
public sealed record WriteResult
{
    /// <summary>The commit's instant (requested time), or null when there was nothing to write and no commit was made.</summary>
    public string? Instant { get; init; }

    /// <summary>When the commit completed, in the form of an instant; null when no commit was made, and in a version 6 table, whose commits do not name it.</summary>
    public string? CompletionTime { get; init; }

    /// <summary>Rows that the input held.</summary>
    public long InputRows { get; init; }

    /// <summary>Rows stored under a key that was not stored before (for insert and bulk insert: all rows).</summary>
    public long Inserted { get; init; }

    /// <summary>Stored rows that were replaced; in a merge-on-read table also changes that were logged, which may turn out to lose against what is stored.</summary>
    public long Updated { get; init; }

    /// <summary>Stored rows that were removed; in a merge-on-read table also deletes that were logged.</summary>
    public long Deleted { get; init; }

    /// <summary>Base and log files written.</summary>
    public int FilesWritten { get; init; }

    /// <summary>Bytes of these files.</summary>
    public long BytesWritten { get; init; }

    /// <summary>File groups that the write took the place of: of <see cref="WriteOperation.InsertOverwrite"/> and <see cref="WriteOperation.InsertOverwriteTable"/>. Their files stay until they are cleaned.</summary>
    public int FileGroupsReplaced { get; init; }

    /// <summary>The cleans that were executed after the write (<see cref="WriteOptions.AutoClean"/>).</summary>
    public IReadOnlyList<CleanResult> Cleans { get; init; } = [];

    /// <summary>The instants that were archived after the write (<see cref="WriteOptions.AutoArchive"/>).</summary>
    public IReadOnlyList<ArchivedAction> Archived { get; init; } = [];

    /// <summary>The compaction that was planned after the write, whether or not it was executed; null: none (<see cref="WriteOptions.InlineCompaction"/>).</summary>
    public string? PlannedCompaction { get; init; }

    /// <summary>The compactions that were executed after the write (<see cref="WriteOptions.InlineCompaction"/>).</summary>
    public IReadOnlyList<CompactionResult> Compactions { get; init; } = [];

    /// <summary>The log compactions that were executed after the write (<see cref="WriteOptions.InlineLogCompaction"/>).</summary>
    public IReadOnlyList<CompactionResult> LogCompactions { get; init; } = [];

    /// <summary>The clustering that was planned after the write, whether or not it was executed; null: none (<see cref="WriteOptions.InlineClustering"/>).</summary>
    public string? PlannedClustering { get; init; }

    /// <summary>The clusterings that were executed after the write (<see cref="WriteOptions.InlineClustering"/>).</summary>
    public IReadOnlyList<ClusteringResult> Clusterings { get; init; } = [];

    /// <summary>The partitions that were deleted after the write, because their time was over (<see cref="WriteOptions.PartitionTtl"/>).</summary>
    public IReadOnlyList<string> ExpiredPartitions { get; init; } = [];

    /// <summary>Planned clusterings that were rolled back because the write changed rows of their file groups (<see cref="WriteOptions.ClusteringUpdates"/>).</summary>
    public IReadOnlyList<string> RolledBackClusterings { get; init; } = [];

    /// <summary>Instants of dead writers that were rolled back first.</summary>
    public IReadOnlyList<string> RolledBack { get; init; } = [];
}
