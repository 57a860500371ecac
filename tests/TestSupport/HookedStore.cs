using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>A store of its own on another's objects, as a process has it; a test may wait, look or fail before each operation.</summary>
public sealed class HookedStore(IObjectStore inner) : IObjectStore
{
    /// <summary>Called before each operation.</summary>
    public Func<StorageOperationKind, string, Task> Before { get; set; } = static (_, _) => Task.CompletedTask;

    public string Root => inner.Root;

    /// <summary>How many requests the store says to be worth making at once.</summary>
    public int RequestsAtOnce { get; init; } = 1;

    public StorageCapabilities Capabilities => inner.Capabilities with { RequestsAtOnce = RequestsAtOnce };

    public string? GetLocalPath(string path) => null;

    public async ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default)
    {
        await Before(StorageOperationKind.GetInfo, path);
        return await inner.GetInfoAsync(path, cancellationToken);
    }

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        await Before(StorageOperationKind.Read, path);
        return await inner.ReadAsync(path, cancellationToken);
    }

    public async ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        await Before(StorageOperationKind.ReadRange, path);
        return await inner.ReadRangeAsync(path, offset, destination, cancellationToken);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Before(StorageOperationKind.List, folder);
        await foreach (var entry in inner.ListAsync(folder, recursive, cancellationToken))
        {
            yield return entry;
        }
    }

    public async ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default)
    {
        await Before(StorageOperationKind.Put, path);
        return await inner.PutAsync(path, content, condition, cancellationToken);
    }

    public async ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        await Before(StorageOperationKind.Create, path);
        return await inner.CreateAsync(path, cancellationToken);
    }

    public async ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        await Before(StorageOperationKind.Delete, path);
        return await inner.DeleteAsync(path, cancellationToken);
    }

    public async ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        await Before(StorageOperationKind.DeleteFolder, folder);
        await inner.DeleteFolderAsync(folder, cancellationToken);
    }

    public async ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        await Before(StorageOperationKind.CreateFolder, folder);
        await inner.CreateFolderAsync(folder, cancellationToken);
    }
}
