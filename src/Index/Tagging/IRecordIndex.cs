using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Looks record keys up in the record index of the metadata table.</summary>
internal interface IRecordIndex
{
    /// <summary>Whether each data partition has an index of its own, so that a key can be looked up in a known partition only.</summary>
    bool IsPartitioned { get; }

    /// <summary>Where keys are stored; those that are not have no entry.</summary>
    /// <param name="keys">Record keys.</param>
    /// <param name="partitionPath">The data partition where <see cref="IsPartitioned"/>, otherwise not looked at.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    ValueTask<IReadOnlyList<KeyLocation>> FindAsync(KeyMap keys, string? partitionPath, CancellationToken cancellationToken);
}

/// <summary>Where a key is stored.</summary>
/// <param name="Key">Its number in the <see cref="KeyMap"/>.</param>
/// <param name="PartitionPath">The data partition.</param>
/// <param name="FileId">The file group.</param>
internal readonly record struct KeyLocation(int Key, string PartitionPath, string FileId);
