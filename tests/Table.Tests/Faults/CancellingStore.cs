using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Tests.Faults;

/// <summary>Cancels when its Nth operation comes, once armed; the operation itself is told.</summary>
internal sealed class CancellingStore(IObjectStore inner, int at, CancellationTokenSource cancel) : IObjectStore
{
    private int count;

    public bool Armed { get; set; }

    public string Root => inner.Root;

    public StorageCapabilities Capabilities => inner.Capabilities;

    public string? GetLocalPath(string path) => inner.GetLocalPath(path);

    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) => Count(() => inner.GetInfoAsync(path, cancellationToken));

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) => Count(() => inner.ReadAsync(path, cancellationToken));

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
        Count(() => inner.ReadRangeAsync(path, offset, destination, cancellationToken));

    public IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, CancellationToken cancellationToken = default) => Count(() => inner.ListAsync(folder, recursive, cancellationToken));

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default) =>
        Count(() => inner.PutAsync(path, content, condition, cancellationToken));

    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => Count(() => inner.CreateAsync(path, cancellationToken));

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) => Count(() => inner.DeleteAsync(path, cancellationToken));

    public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) => Count(() => inner.DeleteFolderAsync(folder, cancellationToken));

    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => Count(() => inner.CreateFolderAsync(folder, cancellationToken));

    private T Count<T>(Func<T> operation)
    {
        if (Armed && Interlocked.Increment(ref count) == at)
        {
            cancel.Cancel();
        }

        return operation();
    }
}
