using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse;

/// <summary>What a rollback did, or would do.</summary>
public sealed record RollbackResult
{
    /// <summary>The instant that was rolled back (requested time).</summary>
    public required string Instant { get; init; }

    /// <summary>Its action, as on the timeline: commit, deltacommit, replacecommit, compaction, logcompaction, clustering, indexing.</summary>
    public required string Action { get; init; }

    /// <summary>The rollback's own instant; null in a dry run.</summary>
    public string? Rollback { get; init; }

    /// <summary>The files that were deleted, full paths.</summary>
    public IReadOnlyList<string> DeletedFiles { get; init; } = [];

    /// <summary>Logs of a version 6 table that stay, but whose blocks of the instant are passed over from now on; full paths.</summary>
    public IReadOnlyList<string> UndoneLogs { get; init; } = [];

    internal static RollbackResult Of(RollbackMetadata done) => new()
    {
        Instant = done.Instant,
        Action = done.Action,
        Rollback = done.StartRollbackTime,
        DeletedFiles = [.. done.Partitions.Values.SelectMany(p => p.DeletedFiles)],
        UndoneLogs = [.. done.Partitions.Values.SelectMany(p => p.FailedLogs.Keys)],
    };

    internal static RollbackResult Of(RollbackPlan plan) => new()
    {
        Instant = plan.Instant,
        Action = plan.Action,
        DeletedFiles = [.. plan.Requests.SelectMany(r => r.FilesToBeDeleted)],
        UndoneLogs = [.. plan.Requests.SelectMany(r => r.LogBlocksToBeDeleted.Keys)],
    };
}
