namespace OllaLab.Lakehouse;

/// <summary>What is noted with a savepoint.</summary>
public sealed record SavepointOptions
{
    /// <summary>Only says what would be kept.</summary>
    public bool DryRun { get; init; }

    /// <summary>Who makes it.</summary>
    public string User { get; init; } = string.Empty;

    /// <summary>Why.</summary>
    public string Comments { get; init; } = string.Empty;
}
