namespace OllaLab.Lakehouse.Timelines;

/// <summary>A completed instant that is no longer on the active timeline.</summary>
/// <param name="Instant">As the active timeline had it; its completion time is there in both layouts, where the archive tells it.</param>
internal sealed record ArchivedInstant(Instant Instant)
{
    /// <summary>What a commit, delta commit or replace commit held; null for other actions, and where content was not asked for.</summary>
    public CommitMetadata? Commit { get; init; }

    /// <summary>What a clean did; null for other actions, and where content was not asked for.</summary>
    public CleanMetadata? Clean { get; init; }

    public string RequestedTime => Instant.RequestedTime;
}
