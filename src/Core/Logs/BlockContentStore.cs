using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>A block's content as an object of its own, for readers of whole files. Only for reading that one object; it is never a local file, since it begins within one.</summary>
internal sealed class BlockContentStore(IObjectStore store, LogBlock block) : IObjectStore
{
    public string Root => store.Root;

    public StorageCapabilities Capabilities => new(PutIfAbsent: false, CompareAndSwap: false, Append: false, Folders: false);

    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) =>
        new(new ObjectInfo(path, block.ContentLength, DateTimeOffset.UnixEpoch));

    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        var content = GC.AllocateUninitializedArray<byte>(checked((int)block.ContentLength));
        int read = await ReadRangeAsync(path, 0, content, cancellationToken).ConfigureAwait(false);
        return content.AsMemory(0, read);
    }

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default) =>
        block.ReadAsync(store, offset, destination, cancellationToken);

    public string? GetLocalPath(string path) => null;

    public IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, CancellationToken cancellationToken = default) => throw ReadOnly();

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default) => throw ReadOnly();

    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => throw ReadOnly();

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default) => throw ReadOnly();

    public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default) => throw ReadOnly();

    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => throw ReadOnly();

    private static NotSupportedException ReadOnly() => new("A log block's content is read only.");
}
