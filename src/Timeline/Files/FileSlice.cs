namespace OllaLab.Lakehouse.Timelines;

/// <summary>A base file, named FileId_WriteToken_Instant.parquet (FSUtils.makeBaseFileName).</summary>
/// <param name="PartitionPath">"" in a non-partitioned table.</param>
/// <param name="Instant">Requested time of the commit that wrote it.</param>
/// <param name="Length">In bytes.</param>
internal sealed record BaseFile(string PartitionPath, string FileId, string WriteToken, string Instant, string FileName, long Length)
{
    /// <summary>Relative to the table's root.</summary>
    public string Path => PartitionPath.Length == 0 ? FileName : PartitionPath + "/" + FileName;
}

/// <summary>A log file of a merge-on-read slice (HoodieLogFile).</summary>
internal sealed record LogFile(string PartitionPath, string FileId, string Instant, int Version, string WriteToken, string FileName, long Length, bool IsCdc)
{
    /// <summary>Relative to the table's root.</summary>
    public string Path => PartitionPath.Length == 0 ? FileName : PartitionPath + "/" + FileName;
}

/// <summary>A file group as of one base instant: a base file and the logs on it (spec: "File Slice").</summary>
/// <param name="PartitionPath">"" in a non-partitioned table.</param>
/// <param name="FileId">The file group.</param>
/// <param name="BaseInstant">Requested time of the write that began the slice.</param>
/// <param name="Base">Null in a slice of logs alone.</param>
/// <param name="Logs">In the order in which they are merged.</param>
/// <param name="PendingCompaction">The planned compaction that will merge this slice; logs written since it was planned are among <paramref name="Logs"/>. Null: none.</param>
internal sealed record FileSlice(string PartitionPath, string FileId, string BaseInstant, BaseFile? Base, IReadOnlyList<LogFile> Logs, string? PendingCompaction = null)
{
    /// <summary>Bare names of all its files.</summary>
    public IEnumerable<string> FileNames() => Base is null ? Logs.Select(l => l.FileName) : Logs.Select(l => l.FileName).Prepend(Base.FileName);
}
