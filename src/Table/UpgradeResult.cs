namespace OllaLab.Lakehouse;

/// <summary>What <see cref="LakehouseTable.UpgradeAsync"/> did, or would do.</summary>
public sealed class UpgradeResult
{
    /// <summary>The table version before.</summary>
    public required int From { get; init; }

    /// <summary>The table version now.</summary>
    public required int To { get; init; }

    /// <summary>Writes left unfinished that were rolled back, by requested time.</summary>
    public IReadOnlyList<string> RolledBack { get; init; } = [];

    /// <summary>Compactions that were executed, by requested time; in a dry run those that are planned.</summary>
    public IReadOnlyList<string> Compacted { get; init; } = [];

    /// <summary>Files of the timeline that were brought to the other layout; 0 between versions 8 and 9.</summary>
    public int TimelineFiles { get; init; }

    /// <summary>Archived instants that were brought to the other layout; 0 between versions 8 and 9.</summary>
    public int ArchivedInstants { get; init; }

    /// <summary>Whether the metadata table goes: the next write makes it again.</summary>
    public bool DropsMetadataTable { get; init; }

    /// <summary>The properties that change; null: removed.</summary>
    public IReadOnlyDictionary<string, string?> Properties { get; init; } = new Dictionary<string, string?>();
}
