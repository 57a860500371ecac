namespace OllaLab.Lakehouse.Timelines;

/// <summary>All committed slices of one file id in one partition, the newest first (HoodieFileGroup).</summary>
internal sealed record FileGroup(string PartitionPath, string FileId, IReadOnlyList<FileSlice> Slices)
{
    /// <summary>The newest slice whose base instant is not after <paramref name="asOf"/> (null: the newest), or null.</summary>
    public FileSlice? SliceAsOf(string? asOf)
    {
        foreach (var slice in Slices)
        {
            if (asOf is null || string.CompareOrdinal(slice.BaseInstant, asOf) <= 0)
            {
                return slice;
            }
        }

        return null;
    }
}
