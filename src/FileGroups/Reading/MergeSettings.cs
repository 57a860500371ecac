using Apache.Arrow;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>How the logs of one slice are merged.</summary>
/// <param name="Rule">Which row of a key stays.</param>
/// <param name="MemoryBudget">In bytes, for one slice; past it, rows are put aside on the disk.</param>
/// <param name="SpillFolder">Where; null: the system's folder for temporary files.</param>
internal sealed record MergeSettings(MergeRule Rule, long MemoryBudget, string? SpillFolder)
{
    /// <summary>Where record keys come from; null: from the meta column.</summary>
    public VirtualKeys? Keys { get; init; }

    /// <summary>The columns that record keys are taken from.</summary>
    public IReadOnlyList<string> KeyColumns => Keys?.Columns ?? [MetaColumns.RecordKey];

    /// <summary>The record keys of rows that have the <see cref="KeyColumns"/>.</summary>
    public StringArray KeysOf(RecordBatch rows) => Keys is null ? (StringArray)rows.Column(MetaColumns.RecordKey) : Keys.Of(rows);
}
