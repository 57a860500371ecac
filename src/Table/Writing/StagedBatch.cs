using Apache.Arrow;

namespace OllaLab.Lakehouse.Writing;

/// <summary>Incoming rows with what the key generator made of them.</summary>
/// <param name="Data">The table's data columns, in the table's Arrow schema.</param>
/// <param name="Keys">Record keys.</param>
/// <param name="Partitions">Per row: the ordinal of its partition path in <see cref="PartitionPaths"/>.</param>
/// <param name="Order">Per row: where it is written (<see cref="RowOrder"/>); empty until rows are routed.</param>
internal sealed record StagedBatch(RecordBatch Data, StringArray Keys, int[] Partitions, long[] Order)
{
    /// <summary>A column of the input, not one of the table's, that says which rows' keys are to be deleted, whatever is stored under them.</summary>
    public const string GoneColumn = "-gone";

    /// <summary>Which rows stand for keys that are to be deleted; null: none. Once rows are routed their order says it.</summary>
    public bool[]? Gone { get; init; }

    public int Length => Keys.Length;

    public bool IsGone(int row) => Gone is { } gone && gone[row];
}
