using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>One batch of a log's records.</summary>
/// <param name="keys">Record keys, without nulls.</param>
/// <param name="rows">Of data blocks: the columns that are merged. Of delete blocks: the ordering columns.</param>
/// <param name="merge">Their ordering values and deletes.</param>
/// <param name="isDeletes">Whether they are records of a delete block.</param>
internal sealed class LogSource(StringArray keys, RecordBatch rows, MergeRows merge, bool isDeletes) : IDisposable
{
    public StringArray Keys => keys;

    public RecordBatch Rows => rows;

    public MergeRows Merge => merge;

    public bool IsDeletes => isDeletes;

    public int Length => keys.Length;

    public long Bytes { get; } = ArrowSize.Bytes(rows) + ArrowSize.Bytes(keys) + 256;

    public static LogSource OfRows(StringArray keys, RecordBatch rows, MergeRule rule) => new(keys, rows, rule.Bind(rows, requireOrdering: false), isDeletes: false);

    public static LogSource OfDeletes(StringArray keys, RecordBatch ordering, MergeRule rule) => new(keys, ordering, rule.BindDeletes(ordering), isDeletes: true);

    /// <summary>Some of the rows, in memory of their own.</summary>
    public LogSource Take(ReadOnlySpan<int> chosen, MergeRule rule)
    {
        var (some, theirKeys) = (Kernels.Take(rows, chosen), (StringArray)Kernels.Take(keys, chosen));
        return isDeletes ? OfDeletes(theirKeys, some, rule) : OfRows(theirKeys, some, rule);
    }

    public void Dispose() => rows.Dispose();
}
