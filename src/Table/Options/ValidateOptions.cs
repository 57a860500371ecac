namespace OllaLab.Lakehouse;

/// <summary>What <see cref="LakehouseTable.ValidateAsync"/> looks at.</summary>
public sealed class ValidateOptions
{
    /// <summary>Whether every row's key is read, to find keys that are stored twice in a partition; takes 16 bytes of memory a key of the largest partition. Default true.</summary>
    public bool CheckKeys { get; init; } = true;
}
