namespace OllaLab.Lakehouse.Timelines;

/// <summary>All committed slices of one file id in one partition, the newest first (HoodieFileGroup).</summary>
internal sealed record FileGroup(string PartitionPath, string FileId, IReadOnlyList<FileSlice> Slices)
{
    /// <summary>
    /// The newest slice whose base instant is not after <paramref name="asOf"/> (null: the newest), with the logs that were requested by then, or null. Logs of layout 1 are named by their
    /// slice: there the blocks in them tell.
    /// </summary>
    public FileSlice? SliceAsOf(string? asOf)
    {
        foreach (var slice in Slices)
        {
            if (asOf is null)
            {
                return slice;
            }

            if (string.CompareOrdinal(slice.BaseInstant, asOf) <= 0)
            {
                return slice.Logs.All(l => IsBy(l, asOf)) ? slice : slice with { Logs = [.. slice.Logs.Where(l => IsBy(l, asOf))] };
            }
        }

        return null;
    }

    private static bool IsBy(LogFile log, string asOf) => string.CompareOrdinal(log.Instant, asOf) <= 0;
}
