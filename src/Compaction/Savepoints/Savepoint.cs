namespace OllaLab.Lakehouse;

/// <summary>A savepoint: a commit that stays on the timeline, whose files no cleaner deletes, and to which the table can be restored.</summary>
public sealed record Savepoint
{
    /// <summary>The commit (requested time), which is the savepoint's name too.</summary>
    public required string Instant { get; init; }

    /// <summary>Who made it; may be empty.</summary>
    public required string User { get; init; }

    /// <summary>Why; may be empty.</summary>
    public required string Comments { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The files that it keeps, relative to the table's root: base files and logs.</summary>
    public required IReadOnlyList<string> Files { get; init; }
}
