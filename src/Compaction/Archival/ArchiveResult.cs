namespace OllaLab.Lakehouse;

/// <summary>What an archiving did, or would do.</summary>
public sealed record ArchiveResult
{
    /// <summary>The instants that left the active timeline, the oldest first.</summary>
    public IReadOnlyList<ArchivedAction> Instants { get; init; } = [];
}

/// <summary>An instant that was archived.</summary>
/// <param name="Instant">Its requested time.</param>
/// <param name="Action">commit, deltacommit, replacecommit, clean or rollback.</param>
public sealed record ArchivedAction(string Instant, string Action);
