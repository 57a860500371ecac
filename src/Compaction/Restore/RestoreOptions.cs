namespace OllaLab.Lakehouse;

/// <summary>How a table is restored.</summary>
public sealed record RestoreOptions
{
    /// <summary>Only says what would be done.</summary>
    public bool DryRun { get; init; }
}
