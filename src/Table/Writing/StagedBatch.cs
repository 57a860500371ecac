using Apache.Arrow;

namespace OllaLab.Lakehouse.Writing;

/// <summary>Incoming rows with what the key generator made of them.</summary>
/// <param name="Data">The table's data columns, in the table's Arrow schema.</param>
/// <param name="Keys">Record keys.</param>
/// <param name="Partitions">Per row: the ordinal of its partition path in <see cref="PartitionPaths"/>.</param>
/// <param name="Order">Per row: where it is written (<see cref="RowOrder"/>); empty until rows are routed.</param>
internal sealed record StagedBatch(RecordBatch Data, StringArray Keys, int[] Partitions, long[] Order)
{
    public int Length => Keys.Length;
}
