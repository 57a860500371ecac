using OllaLab.Lakehouse.Arrays;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// What the logs of a file slice make of its base file. Holds memory and spill files: dispose it once all is read. The batches that it gives out own their memory; it may be read again.
/// </summary>
internal sealed class SliceChanges : IAsyncDisposable
{
    private readonly IReadOnlyList<ChangeRun> changes;
    private readonly IReadOnlyList<ChangeRun> inserts;
    private readonly IDisposable held;

    internal SliceChanges(IReadOnlyList<ChangeRun> changes, IReadOnlyList<ChangeRun> inserts, ChangeCounts counts, IDisposable held)
    {
        this.changes = changes;
        this.inserts = inserts;
        this.held = held;
        Counts = counts;
    }

    /// <summary>How many of the base file's rows are replaced and deleted, how many rows are new.</summary>
    public ChangeCounts Counts { get; }

    /// <summary>The changes of the base file's rows, in the order of their positions.</summary>
    public IEnumerable<ChangedRows> Changes() => changes.Count == 1 ? changes[0].Read() : RunMerge.ByPosition(changes);

    /// <summary>The rows of keys that the base file does not have.</summary>
    public IEnumerable<ChangedRows> Inserts() => inserts.SelectMany(r => r.Read());

    public ValueTask DisposeAsync()
    {
        foreach (var run in changes.Concat(inserts))
        {
            run.Dispose();
        }

        held.Dispose();
        return ValueTask.CompletedTask;
    }
}
