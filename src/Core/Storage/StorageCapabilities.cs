namespace OllaLab.Lakehouse.Storage;

/// <summary>What a storage guarantees.</summary>
/// <param name="PutIfAbsent">Whether of several writers racing for one path exactly one wins.</param>
/// <param name="CompareAndSwap">Whether <see cref="PutCondition.IfMatch"/> is honoured.</param>
/// <param name="Append">Whether an object can grow.</param>
/// <param name="Folders">Whether empty folders exist.</param>
public sealed record StorageCapabilities(bool PutIfAbsent, bool CompareAndSwap, bool Append, bool Folders)
{
    /// <summary>How many small requests that do not depend on one another are worth being made at once; 1, the default, where a request costs no round trip.</summary>
    public int RequestsAtOnce { get; init; } = 1;
}
