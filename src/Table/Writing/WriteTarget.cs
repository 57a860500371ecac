using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>A file group that a write changes, or the place of new ones in a partition.</summary>
/// <param name="Ordinal">In <see cref="WriteTargets"/>.</param>
/// <param name="PartitionPath">The partition.</param>
/// <param name="Slice">The slice that is rewritten or logged to; null: rows go to new file groups.</param>
/// <param name="NewFileGroup">The one new file group that rows go to; null: as many as are needed.</param>
internal sealed record WriteTarget(int Ordinal, string PartitionPath, FileSlice? Slice, string? NewFileGroup = null)
{
    /// <summary>Whether rows are logged without knowing which of them are stored.</summary>
    public bool LogsAll { get; init; }

    /// <summary>Incoming rows that hit a stored row.</summary>
    public long Changes { get; set; }

    /// <summary>Incoming rows that are new.</summary>
    public long Inserts { get; set; }
}
