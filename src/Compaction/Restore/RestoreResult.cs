namespace OllaLab.Lakehouse;

/// <summary>What a restore did, or would do.</summary>
public sealed record RestoreResult
{
    /// <summary>The instant that the table is as of now (requested time).</summary>
    public required string Target { get; init; }

    /// <summary>The restore's own instant; null in a dry run, and where nothing had to be taken back.</summary>
    public string? Instant { get; init; }

    /// <summary>What was taken back, in that order.</summary>
    public IReadOnlyList<RollbackResult> RolledBack { get; init; } = [];

    /// <summary>Whether the metadata table was dropped, because it could not be brought back to that time; the next write makes it anew.</summary>
    public bool DroppedMetadataTable { get; init; }
}
