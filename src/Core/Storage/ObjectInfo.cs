namespace OllaLab.Lakehouse.Storage;

/// <summary>An entry of a listing.</summary>
/// <param name="Path">Relative to the store's root.</param>
/// <param name="Length">In bytes; 0 for a folder.</param>
/// <param name="Modified">When it was last written, UTC; completion times of version 6 tables come from here.</param>
/// <param name="Version">An opaque version (an ETag) for <see cref="PutCondition.IfMatch"/>; null where the listing does not give it.</param>
/// <param name="IsFolder">Whether this is a sub-folder.</param>
public readonly record struct ObjectInfo(string Path, long Length, DateTimeOffset Modified, string? Version = null, bool IsFolder = false)
{
    /// <summary>The last segment of <see cref="Path"/>.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
