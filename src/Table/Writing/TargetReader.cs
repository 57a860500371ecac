namespace OllaLab.Lakehouse.Writing;

/// <summary>Reads routed batches target by target; a batch holds rows of one target only.</summary>
internal sealed class TargetReader(IEnumerable<StagedBatch> rows) : IDisposable
{
    private readonly IEnumerator<StagedBatch> batches = rows.GetEnumerator();
    private StagedBatch? next;

    /// <summary>The target of the next batch, or null at the end.</summary>
    public int? NextTarget() => Peek() is { } batch ? RowOrder.Target(batch.Order[0]) : null;

    public bool HasMoreOf(int target) => NextTarget() == target;

    /// <summary>The next batch if it is for this target.</summary>
    public StagedBatch? NextOf(int target)
    {
        if (!HasMoreOf(target))
        {
            return null;
        }

        var batch = next;
        next = null;
        return batch;
    }

    public IEnumerable<StagedBatch> RestOf(int target)
    {
        while (NextOf(target) is { } batch)
        {
            yield return batch;
        }
    }

    public void Dispose() => batches.Dispose();

    private StagedBatch? Peek() => next ??= batches.MoveNext() ? batches.Current : null;
}
