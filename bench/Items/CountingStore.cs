using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Counts the objects that are created.</summary>
internal sealed class CountingStore(IObjectStore inner) : IObjectStore
{
    public int Creates { get; set; }

    public string Root => inner.Root;

    public StorageCapabilities Capabilities => inner.Capabilities;

    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) => inner.GetInfoAsync(path, cancellationToken);

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) => inner.ReadAsync(path, cancellationToken);

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
        inner.ReadRangeAsync(path, offset, destination, cancellationToken);

    public IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, CancellationToken cancellationToken = default) => inner.ListAsync(folder, recursive, cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListNamesAsync(string folder, CancellationToken cancellationToken = default) => inner.ListNamesAsync(folder, cancellationToken);

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default)
    {
        Creates++;
        return inner.PutAsync(path, content, condition, cancellationToken);
    }

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, Durability durability, CancellationToken cancellationToken = default)
    {
        Creates++;
        return inner.PutAsync(path, content, condition, durability, cancellationToken);
    }

    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        Creates++;
        return inner.CreateAsync(path, cancellationToken);
    }

    public ValueTask<ObjectWriter> CreateAsync(string path, Durability durability, CancellationToken cancellationToken = default)
    {
        Creates++;
        return inner.CreateAsync(path, durability, cancellationToken);
    }

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) => inner.DeleteAsync(path, cancellationToken);

    public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.DeleteFolderAsync(folder, cancellationToken);

    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.CreateFolderAsync(folder, cancellationToken);

    public string? GetLocalPath(string path) => inner.GetLocalPath(path);
}
