using Apache.Arrow;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>Takes the rows of a result and writes them in one format. Disposing without <see cref="CompleteAsync"/> leaves the output cut off.</summary>
internal interface IRowSink : IAsyncDisposable
{
    /// <summary>The batch stays the caller's.</summary>
    ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken);

    /// <summary>Writes what remains.</summary>
    ValueTask CompleteAsync(CancellationToken cancellationToken);
}
