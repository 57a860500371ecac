namespace OllaLab.Lakehouse;

/// <summary>What a clean did, or would do.</summary>
public sealed record CleanResult
{
    /// <summary>Its instant (requested time); null in a dry run.</summary>
    public string? Instant { get; init; }

    /// <summary>When it completed, in the form of an instant; null in a dry run, and in a version 6 table, whose instants do not name it.</summary>
    public string? CompletionTime { get; init; }

    /// <summary>The oldest commit to which one can still travel; null where the policy counts versions of files.</summary>
    public string? EarliestCommitRetained { get; init; }

    /// <summary>The files deleted, relative to the table's root.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Partitions that had no rows left and are gone.</summary>
    public IReadOnlyList<string> Partitions { get; init; } = [];
}
