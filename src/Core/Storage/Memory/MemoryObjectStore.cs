using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// Objects in memory: for tests, and for tables that need not outlive the process. Safe for many threads; every write is atomic; put-if-absent and compare-and-swap are exact.
/// Like an object store it has no folders: an empty one does not exist.
/// </summary>
public sealed class MemoryObjectStore : IObjectStore
{
    private readonly ConcurrentDictionary<string, StoredObject> _objects = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;
    private long _version;

    /// <summary>An empty store.</summary>
    /// <param name="name">What <see cref="Root"/> ends in.</param>
    /// <param name="clock">Where modification times come from; the system's clock when null.</param>
    public MemoryObjectStore(string name = "memory", TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        Root = $"memory://{name}";
        _clock = clock ?? LakehouseEnvironment.System.Clock;
    }

    /// <inheritdoc/>
    public string Root { get; }

    /// <inheritdoc/>
    public StorageCapabilities Capabilities { get; } = new(PutIfAbsent: true, CompareAndSwap: true, Append: false, Folders: false);

    /// <inheritdoc/>
    public string? GetLocalPath(string path) => null;

    /// <inheritdoc/>
    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default) =>
        new(Find(path, cancellationToken) is { } found ? found.Describe(path) : null);

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default) =>
        new(Get(path, cancellationToken).Content);

    /// <inheritdoc/>
    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        var content = Get(path, cancellationToken).Content;
        var range = content[(int)Math.Min(offset, content.Length)..];
        range = range[..Math.Min(range.Length, destination.Length)];
        range.CopyTo(destination);
        return new(range.Length);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        ObjectPath.RequireFolder(folder, Root);
        var prefix = folder.Length == 0 ? string.Empty : folder + "/";
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (path, stored) in _objects)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!path.StartsWith(prefix, StringComparison.Ordinal))
            {
                continue;
            }

            int slash = path.IndexOf('/', prefix.Length);
            if (slash < 0 || recursive)
            {
                yield return stored.Describe(path) with { Version = null };
            }
            else if (folders.Add(path[..slash]))
            {
                yield return new ObjectInfo(path[..slash], 0, stored.Modified, null, IsFolder: true);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectPath.RequireObject(path, Root);
        var next = new StoredObject(content.ToArray(), _clock.GetUtcNow(), Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture));
        bool done = condition switch
        {
            { MustBeAbsent: true } => _objects.TryAdd(path, next),
            { Version: { } version } => _objects.TryGetValue(path, out var there) && there.Version == version && _objects.TryUpdate(path, next, there),
            _ => Overwrite(path, next),
        };
        return new(done ? new PutResult(PutOutcome.Committed, next.Version) : new PutResult(PutOutcome.Conflict));
    }

    /// <inheritdoc/>
    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectPath.RequireObject(path, Root);
        return new(new MemoryObjectWriter(this, path));
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectPath.RequireObject(path, Root);
        return new(_objects.TryRemove(path, out _));
    }

    /// <inheritdoc/>
    public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectPath.RequireFolder(folder, Root);
        foreach (var path in _objects.Keys)
        {
            if (folder.Length == 0 || path.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                _objects.TryRemove(path, out _);
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectPath.RequireFolder(folder, Root);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<bool> TrySetModifiedAsync(string path, DateTimeOffset modified, CancellationToken cancellationToken = default)
    {
        var found = Get(path, cancellationToken);
        return new(_objects.TryUpdate(path, new StoredObject(found.Content.ToArray(), modified, found.Version), found));
    }

    private bool Overwrite(string path, StoredObject next)
    {
        _objects[path] = next;
        return true;
    }

    private StoredObject? Find(string path, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ObjectPath.RequireObject(path, Root);
        return _objects.GetValueOrDefault(path);
    }

    private StoredObject Get(string path, CancellationToken cancellationToken) =>
        Find(path, cancellationToken) ?? throw new LakehouseException(LakehouseErrorKind.NotFound, "There is no such object", Root, path);

    // A class, not a record: TryUpdate compares by reference, which is what compare-and-swap means here.
    private sealed class StoredObject(byte[] content, DateTimeOffset modified, string version)
    {
        public ReadOnlyMemory<byte> Content { get; } = content;

        public DateTimeOffset Modified { get; } = modified;

        public string Version { get; } = version;

        public ObjectInfo Describe(string path) => new(path, Content.Length, Modified, Version);
    }
}
