namespace OllaLab.Lakehouse;

/// <summary>How <see cref="LakehouseTable.AlterSchemaAsync"/> works.</summary>
public sealed class AlterSchemaOptions
{
    /// <summary>Only tells what the columns would be; nothing is written. Default false.</summary>
    public bool DryRun { get; init; }
}
