namespace OllaLab.Lakehouse.Storage;

/// <summary>A folder of a store as a store of its own: a table that lies inside another, as the metadata table does. Guarantees and durability are those of the store.</summary>
internal sealed class FolderStore(IObjectStore store, string folder) : IObjectStore
{
    private readonly string prefix = folder + "/";

    public string Root => store.Root.TrimEnd('/') + "/" + folder;

    public StorageCapabilities Capabilities => store.Capabilities;

    public async ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) =>
        await store.GetInfoAsync(ObjectOf(path), cancellationToken).ConfigureAwait(false) is { } info ? Strip(info) : null;

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) => store.ReadAsync(ObjectOf(path), cancellationToken);

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
        store.ReadRangeAsync(ObjectOf(path), offset, destination, cancellationToken);

    public async IAsyncEnumerable<ObjectInfo> ListAsync(
        string folder, bool recursive, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var entry in store.ListAsync(FolderOf(folder), recursive, cancellationToken).ConfigureAwait(false))
        {
            yield return Strip(entry);
        }
    }

    public ValueTask<IReadOnlyList<string>> ListNamesAsync(string folder, CancellationToken cancellationToken = default) => store.ListNamesAsync(FolderOf(folder), cancellationToken);

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default) =>
        store.PutAsync(ObjectOf(path), content, condition, cancellationToken);

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, Durability durability, CancellationToken cancellationToken = default) =>
        store.PutAsync(ObjectOf(path), content, condition, durability, cancellationToken);

    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => store.CreateAsync(ObjectOf(path), cancellationToken);

    public ValueTask<ObjectWriter> CreateAsync(string path, Durability durability, CancellationToken cancellationToken = default) => store.CreateAsync(ObjectOf(path), durability, cancellationToken);

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) => store.DeleteAsync(ObjectOf(path), cancellationToken);

    public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) => store.DeleteFolderAsync(FolderOf(folder), cancellationToken);

    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => store.CreateFolderAsync(FolderOf(folder), cancellationToken);

    public string? GetLocalPath(string path) => store.GetLocalPath(ObjectOf(path));

    private string ObjectOf(string path)
    {
        ObjectPath.RequireObject(path, Root);
        return prefix + path;
    }

    private string FolderOf(string path)
    {
        ObjectPath.RequireFolder(path, Root);
        return path.Length == 0 ? folder : prefix + path;
    }

    private ObjectInfo Strip(ObjectInfo info) => info with { Path = info.Path[prefix.Length..] };
}
