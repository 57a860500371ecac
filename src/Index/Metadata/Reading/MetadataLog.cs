using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>A log of the metadata table that was read: its blocks, those that do not count among them.</summary>
/// <param name="File">The log.</param>
/// <param name="Completed">When its instant was completed; null: not known.</param>
/// <param name="Blocks">In their order.</param>
internal sealed record MetadataLog(LogFile File, string? Completed, IReadOnlyList<LogBlock> Blocks)
{
    /// <summary>Whether a file that is listed is this one: names come back when a metadata table is made anew, times do not.</summary>
    public bool Is(LogFile file, string? completed) => completed is not null && completed == Completed && file.Path == File.Path && file.Length == File.Length;
}
