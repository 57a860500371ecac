using Apache.Arrow;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What the logs of a file slice change: rows that take the place of stored ones, stored rows that go, and new rows.</summary>
/// <param name="Rows">The columns that <see cref="LogMerge"/> was given; all null where a row is deleted.</param>
/// <param name="Keys">Record keys.</param>
/// <param name="Positions">Ascending positions of the base file's rows; <see cref="IncomingRows.Insert"/> for a new row.</param>
/// <param name="Deleted">Which rows go; null: none.</param>
internal sealed record ChangedRows(RecordBatch Rows, StringArray Keys, long[] Positions, bool[]? Deleted)
{
    public int Length => Positions.Length;

    public bool IsDeleted(int row) => Deleted is not null && Deleted[row];
}
