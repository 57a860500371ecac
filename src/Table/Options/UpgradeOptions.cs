namespace OllaLab.Lakehouse;

/// <summary>How <see cref="LakehouseTable.UpgradeAsync"/> works.</summary>
public sealed class UpgradeOptions
{
    /// <summary>Only tells what would be done; nothing is written. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>Of a table with custom keys that goes from version 6 to a newer one: its partition fields with their types, as in <c>city:SIMPLE,ts:TIMESTAMP</c>
    /// (hoodie.datasource.write.partitionpath.field). Null: it has none.</summary>
    public string? PartitionFields { get; init; }
}
