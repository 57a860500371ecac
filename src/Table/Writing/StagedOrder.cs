namespace OllaLab.Lakehouse.Writing;

/// <summary>An order in which staged rows are written.</summary>
internal abstract class StagedOrder
{
    /// <summary>Rows of one group go to one place; a batch never spans two.</summary>
    public abstract int Group(StagedBatch batch, int row);

    /// <summary>Negative, zero or positive as row <paramref name="i"/> of <paramref name="a"/> comes before, with or after row <paramref name="j"/> of <paramref name="b"/>.</summary>
    public abstract int Compare(StagedBatch a, int i, StagedBatch b, int j);

    /// <summary>The rows to write, sorted.</summary>
    /// <param name="batches">Rows in the order they came.</param>
    public abstract RowPlace[] Sort(IReadOnlyList<StagedBatch> batches);
}
