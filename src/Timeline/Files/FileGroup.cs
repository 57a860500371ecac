namespace OllaLab.Lakehouse.Timelines;

/// <summary>All committed slices of one file id in one partition, the newest first (HoodieFileGroup).</summary>
internal sealed record FileGroup(string PartitionPath, string FileId, IReadOnlyList<FileSlice> Slices)
{
    /// <summary>
    /// The newest slice whose base instant is not after <paramref name="asOf"/> (null: the newest), with the logs that were requested by then, or null. Logs of layout 1 are named by their
    /// slice: there the blocks in them tell. In layout 2 a log lies in the slice of a compaction that was planned while its write was under way; as of that write it counts all the same, before
    /// the compaction is executed and afterwards. (Hudi leaves it out of a query as of a time before the compaction's plan: half a commit, where it wrote to other file groups too.)
    /// </summary>
    public FileSlice? SliceAsOf(string? asOf)
    {
        for (int i = 0; i < Slices.Count; i++)
        {
            if (asOf is null)
            {
                return Slices[i];
            }

            if (string.CompareOrdinal(Slices[i].BaseInstant, asOf) <= 0)
            {
                var later = Slices.Take(i).Reverse().SelectMany(s => s.Logs).Where(l => IsBy(l, asOf)).ToList();
                return later.Count == 0 && Slices[i].Logs.All(l => IsBy(l, asOf)) ? Slices[i] : Slices[i] with { Logs = [.. Slices[i].Logs.Where(l => IsBy(l, asOf)), .. later] };
            }
        }

        return null;
    }

    private static bool IsBy(LogFile log, string asOf) => string.CompareOrdinal(log.Instant, asOf) <= 0;
}
