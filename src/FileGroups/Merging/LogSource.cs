using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>One batch of a log's records.</summary>
/// <param name="keys">Record keys, without nulls.</param>
/// <param name="rows">Of data blocks: the columns that are merged. Of delete blocks: the ordering columns.</param>
/// <param name="shape">What they have in common.</param>
/// <param name="rule">How they are merged.</param>
internal sealed class LogSource(StringArray keys, RecordBatch rows, LogShape shape, MergeRule rule) : IDisposable
{
    public StringArray Keys => keys;

    public RecordBatch Rows => rows;

    public LogShape Shape => shape;

    public MergeRows Merge { get; } = shape.IsDeletes ? rule.BindDeletes(rows) : rule.Bind(rows, requireOrdering: false);

    public int Length => keys.Length;

    /// <summary>What tells which records are merged with one another, where that is not their keys.</summary>
    public StringArray? Identity { get; init; }

    public long Bytes { get; } = ArrowSize.Bytes(rows) + ArrowSize.Bytes(keys) + 256;

    /// <summary>Some of the rows, in memory of their own.</summary>
    public LogSource Take(ReadOnlySpan<int> chosen) => new((StringArray)Kernels.Take(keys, chosen), Kernels.Take(rows, chosen), shape, rule);

    public void Dispose() => rows.Dispose();
}
