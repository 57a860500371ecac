using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Locks;

/// <summary>What a lock provider is made for.</summary>
/// <param name="Store">The table's storage.</param>
/// <param name="Environment">Clock and identifiers.</param>
public sealed record LockContext(IObjectStore Store, LakehouseEnvironment Environment);
