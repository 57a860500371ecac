using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.TestSupport;

/// <summary>How an operation fails.</summary>
public enum Failure
{
    /// <summary>Nothing was done.</summary>
    Before,

    /// <summary>It was done, but the caller is told that it failed, or (a put) that it is not known.</summary>
    After,
}

/// <summary>A store whose Nth change fails, and every one after it: as for a process that dies there.</summary>
public sealed class FailingStore(IObjectStore inner, int failAt, Failure failure) : IObjectStore
{
    private int changes;

    /// <summary>Changes asked for so far.</summary>
    public int Changes => changes;

    public string Root => inner.Root;

    public StorageCapabilities Capabilities => inner.Capabilities;

    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) => inner.GetInfoAsync(path, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) => inner.ReadAsync(path, cancellationToken);

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
        inner.ReadRangeAsync(path, offset, destination, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, CancellationToken cancellationToken = default) => inner.ListAsync(folder, recursive, cancellationToken);

    public async ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default)
    {
        bool fails = ++changes >= failAt;
        if (fails && (failure == Failure.Before || changes > failAt))
        {
            throw Error(path);
        }

        var result = await inner.PutAsync(path, content, condition, cancellationToken);
        return fails ? new PutResult(PutOutcome.Unknown) : result;
    }

    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) =>
        ++changes >= failAt ? throw Error(path) : inner.CreateAsync(path, cancellationToken);

    public async ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        bool fails = ++changes >= failAt;
        bool result = !(fails && (failure == Failure.Before || changes > failAt)) && await inner.DeleteAsync(path, cancellationToken);
        return fails ? throw Error(path) : result;
    }

    public async ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        bool fails = ++changes >= failAt;
        if (!(fails && (failure == Failure.Before || changes > failAt)))
        {
            await inner.DeleteFolderAsync(folder, cancellationToken);
        }

        if (fails)
        {
            throw Error(folder);
        }
    }

    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.CreateFolderAsync(folder, cancellationToken);

    public string? GetLocalPath(string path) => inner.GetLocalPath(path);

    private static LakehouseException Error(string path) => new(LakehouseErrorKind.Storage, "the disk failed, as the test wants it", path: path);
}
