namespace OllaLab.Lakehouse;

/// <summary>What deleting partitions did, or in a dry run would do.</summary>
public sealed record DeletePartitionsResult
{
    /// <summary>The commit's instant (requested time); null in a dry run, and where no partition was to be deleted.</summary>
    public string? Instant { get; init; }

    /// <summary>When the commit completed, in the form of an instant; null where there is none, and in a version 6 table, whose commits do not name it.</summary>
    public string? CompletionTime { get; init; }

    /// <summary>The partition paths.</summary>
    public IReadOnlyList<string> Partitions { get; init; } = [];

    /// <summary>File groups in them, which no reader sees from the commit on; their files stay until they are cleaned.</summary>
    public int FileGroups { get; init; }

    /// <summary>Bytes of the latest base and log files of these.</summary>
    public long Bytes { get; init; }

    /// <summary>What services did once the commit was there, as after a write (clean, archiving and those that are asked for); null: there was no commit.</summary>
    public WriteResult? Services { get; init; }

    /// <summary>Instants of dead writers that were rolled back first.</summary>
    public IReadOnlyList<string> RolledBack { get; init; } = [];
}
