using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Counts what is asked of a storage, as an object store counts requests; a large object that is written counts once.</summary>
internal sealed class CountingStore(IObjectStore inner) : IObjectStore
{
    private long written;
    private int lists;
    private int reads;
    private int heads;
    private int puts;
    private int deletes;

    /// <summary>Objects that were created.</summary>
    public int Creates => puts;

    /// <summary>LIST, GET, HEAD, PUT and DELETE so far.</summary>
    public int[] Requests => [lists, reads, heads, puts, deletes];

    public long BytesWritten => written;

    public string Root => inner.Root;

    public string? Identity => inner.Identity;

    public StorageCapabilities Capabilities => inner.Capabilities;

    public void Reset() => (lists, reads, heads, puts, deletes) = (0, 0, 0, 0, 0);

    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref heads);
        return inner.GetInfoAsync(path, cancellationToken);
    }

    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref reads);
        return inner.ReadAsync(path, cancellationToken);
    }

    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref reads);
        return inner.ReadRangeAsync(path, offset, destination, cancellationToken);
    }

    public async IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref lists);
        await foreach (var entry in inner.ListAsync(folder, recursive, cancellationToken))
        {
            yield return entry;
        }
    }

    public ValueTask<IReadOnlyList<string>> ListNamesAsync(string folder, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref lists);
        return inner.ListNamesAsync(folder, cancellationToken);
    }

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default)
    {
        Count(content.Length);
        return inner.PutAsync(path, content, condition, cancellationToken);
    }

    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, Durability durability, CancellationToken cancellationToken = default)
    {
        Count(content.Length);
        return inner.PutAsync(path, content, condition, durability, cancellationToken);
    }

    public async ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => new Writer(this, await inner.CreateAsync(path, cancellationToken));

    public async ValueTask<ObjectWriter> CreateAsync(string path, Durability durability, CancellationToken cancellationToken = default) =>
        new Writer(this, await inner.CreateAsync(path, durability, cancellationToken));

    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref deletes);
        return inner.DeleteAsync(path, cancellationToken);
    }

    public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref deletes);
        return inner.DeleteFolderAsync(folder, cancellationToken);
    }

    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default) => inner.CreateFolderAsync(folder, cancellationToken);

    public ValueTask<bool> TrySetModifiedAsync(string path, DateTimeOffset modified, CancellationToken cancellationToken = default) => inner.TrySetModifiedAsync(path, modified, cancellationToken);

    public string? GetLocalPath(string path) => inner.GetLocalPath(path);

    private void Count(long bytes)
    {
        Interlocked.Increment(ref puts);
        Interlocked.Add(ref written, bytes);
    }

    private sealed class Writer(CountingStore store, ObjectWriter target) : ObjectWriter
    {
        public override Stream Stream => target.Stream;

        public override async ValueTask<long> CompleteAsync(CancellationToken cancellationToken = default)
        {
            var length = await target.CompleteAsync(cancellationToken);
            store.Count(length);
            return length;
        }

        public override ValueTask DisposeAsync() => target.DisposeAsync();
    }
}
