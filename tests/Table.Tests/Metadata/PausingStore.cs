using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Tests.Metadata;

/// <summary>Holds one reading up, the first that is asked for, until it may go on.</summary>
internal sealed class PausingStore(IObjectStore inner) : IObjectStore
{
    private int paused;

    public Func<string, Task<bool>>? PauseWhen { get; set; }

    public TaskCompletionSource Paused { get; } = new();

    public TaskCompletionSource Go { get; } = new();

    public string Root => inner.Root;

    public StorageCapabilities Capabilities => inner.Capabilities;

    public string? GetLocalPath(string path) => inner.GetLocalPath(path);

    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) => inner.GetInfoAsync(path, cancellationToken);

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await PauseAsync(path);
        return await inner.ReadAsync(path, cancellationToken);
    }

    public async ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        await PauseAsync(path);
        return await inner.ReadRangeAsync(path, offset, destination, cancellationToken);
    }

    public IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, CancellationToken cancellationToken = default) => inner.ListAsync(folder, recursive, cancellationToken);

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default) => inner.PutAsync(path, content, condition, cancellationToken);

    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => inner.CreateAsync(path, cancellationToken);

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) => inner.DeleteAsync(path, cancellationToken);

    public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.DeleteFolderAsync(folder, cancellationToken);

    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.CreateFolderAsync(folder, cancellationToken);

    private async ValueTask PauseAsync(string path)
    {
        if (PauseWhen is { } when && await when(path) && Interlocked.Exchange(ref paused, 1) == 0)
        {
            Paused.SetResult();
            await Go.Task;
        }
    }
}
