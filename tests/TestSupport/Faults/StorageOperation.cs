namespace OllaLab.Lakehouse.TestSupport;

/// <summary>The operations that a <see cref="FaultPlan"/> counts.</summary>
public enum StorageOperationKind
{
    GetInfo,
    Read,
    ReadRange,
    List,
    Put,
    Create,
    Write,
    Complete,
    Delete,
    DeleteFolder,
    CreateFolder,
}

/// <summary>One operation as it was asked for.</summary>
/// <param name="Number">From 1, in order.</param>
/// <param name="Kind">Which.</param>
/// <param name="Path">On what.</param>
/// <param name="Failed">Whether it was made to fail.</param>
public readonly record struct StorageOperation(int Number, StorageOperationKind Kind, string Path, Fault? Failed)
{
    /// <summary>Whether it changes the storage.</summary>
    public bool Mutates => Kind >= StorageOperationKind.Put;

    public override string ToString() => $"{Number}. {Kind} {Path}{(Failed is { } fault ? $" -> {fault}" : string.Empty)}";
}
