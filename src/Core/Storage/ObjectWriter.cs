namespace OllaLab.Lakehouse.Storage;

/// <summary>A large object on its way into storage. Disposed without <see cref="CompleteAsync"/>, nothing appears at the path.</summary>
public abstract class ObjectWriter : IAsyncDisposable
{
    /// <summary>Where to write. Sequential; not to be disposed by the user.</summary>
    public abstract Stream Stream { get; }

    /// <summary>Makes the object visible and durable (file and folder synced); fails with <see cref="LakehouseErrorKind.AlreadyExists"/> when the path was taken meanwhile.</summary>
    /// <returns>The object's length in bytes.</returns>
    public abstract ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default);

    /// <summary>Gives up what was not completed.</summary>
    public abstract ValueTask DisposeAsync();
}
