using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What the logs of a file slice change: rows that take the place of stored ones, stored rows that go, and new rows.</summary>
/// <param name="rows">The columns that <see cref="LogMerge"/> was given; all null where a row is deleted.</param>
/// <param name="keys">Record keys, made when they are asked for: who reads rows does not need them.</param>
/// <param name="positions">Ascending positions of the base file's rows; <see cref="IncomingRows.Insert"/> for a new row.</param>
/// <param name="deleted">Which rows go; null: none.</param>
internal sealed class ChangedRows(RecordBatch rows, Func<StringArray> keys, long[] positions, bool[]? deleted)
{
    private readonly Lazy<StringArray> keys = new(keys);

    public ChangedRows(RecordBatch rows, StringArray keys, long[] positions, bool[]? deleted)
        : this(rows, () => keys, positions, deleted)
    {
    }

    public RecordBatch Rows => rows;

    /// <summary>Record keys; to be asked for the first time before the <see cref="SliceChanges"/> are disposed.</summary>
    public StringArray Keys => keys.Value;

    public long[] Positions => positions;

    public bool[]? Deleted => deleted;

    public int Length => positions.Length;

    public bool IsDeleted(int row) => deleted is not null && deleted[row];
}
