namespace OllaLab.Lakehouse;

/// <summary>How an instant is rolled back.</summary>
public sealed record RollbackOptions
{
    /// <summary>Only says what would be done.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether the files of an instant that is not completed are found by its markers, where it has any; else by listing the table (<c>hoodie.rollback.using.markers</c>, default true).</summary>
    public bool UsingMarkers { get; init; } = true;
}
