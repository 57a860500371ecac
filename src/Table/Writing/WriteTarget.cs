using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>A file group that a write changes, or the place of new ones in a partition.</summary>
/// <param name="Ordinal">In <see cref="WriteTargets"/>.</param>
/// <param name="PartitionPath">The partition.</param>
/// <param name="Slice">The slice that is rewritten; null: rows go to new file groups.</param>
internal sealed record WriteTarget(int Ordinal, string PartitionPath, FileSlice? Slice)
{
    /// <summary>Incoming rows that hit a stored row.</summary>
    public long Changes { get; set; }

    /// <summary>Incoming rows that are new.</summary>
    public long Inserts { get; set; }
}
