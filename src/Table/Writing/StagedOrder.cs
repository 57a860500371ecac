namespace OllaLab.Lakehouse.Writing;

/// <summary>An order in which staged rows are written.</summary>
internal abstract class StagedOrder
{
    /// <summary>Rows of one group go to one place; a batch never spans two.</summary>
    public abstract int Group(StagedBatch batch, int row);

    /// <summary>Negative, zero or positive as row <paramref name="i"/> of <paramref name="a"/> comes before, with or after row <paramref name="j"/> of <paramref name="b"/>.</summary>
    public abstract int Compare(StagedBatch a, int i, StagedBatch b, int j);

    /// <summary>The rows to write, sorted; as numbers that count through all batches.</summary>
    /// <param name="batches">Rows in the order they came.</param>
    /// <param name="starts">The number of each batch's first row, and of the row after the last.</param>
    public abstract int[] Sort(IReadOnlyList<StagedBatch> batches, int[] starts);
}
