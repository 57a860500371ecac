namespace OllaLab.Lakehouse;

/// <summary>How <see cref="LakehouseTable.RepairAsync"/> works.</summary>
public sealed class RepairOptions
{
    /// <summary>Only tells what would be put right. Default false.</summary>
    public bool DryRun { get; init; }
}
