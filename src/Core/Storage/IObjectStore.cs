namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// The storage under one table. Paths are relative to <see cref="Root"/>, separated by '/', without a leading slash, "" being the root; a path that would leave the root
/// is refused with <see cref="LakehouseErrorKind.InvalidInput"/>. Every failure is a <see cref="LakehouseException"/>.
/// </summary>
public interface IObjectStore
{
    /// <summary>The root as a user knows it: a folder's full path, or a URI.</summary>
    string Root { get; }

    /// <summary>The same for every store object of this process that is on the same storage; null: this object alone is on it.</summary>
    string? Identity => null;

    /// <summary>What this storage guarantees.</summary>
    StorageCapabilities Capabilities { get; }

    /// <summary>Size, version and time of an object, or null when there is none (a folder is none).</summary>
    ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>A whole object. Absent: <see cref="LakehouseErrorKind.NotFound"/>.</summary>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Reads from <paramref name="offset"/> until <paramref name="destination"/> is full or the object ends; returns the bytes read. Absent: <see cref="LakehouseErrorKind.NotFound"/>.</summary>
    ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default);

    /// <summary>
    /// Objects under a folder, in no particular order; a folder that is not there lists nothing. Not recursive: the folder's own objects and its sub-folders
    /// (<see cref="ObjectInfo.IsFolder"/>). Recursive: all objects below, no folders.
    /// </summary>
    IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, CancellationToken cancellationToken = default);

    /// <summary>The names (last segments) of the objects in a folder, without sub-folders, in no particular order: the cheapest listing, as no sizes or times are looked up.</summary>
    async ValueTask<IReadOnlyList<string>> ListNamesAsync(string folder, CancellationToken cancellationToken = default)
    {
        var names = new List<string>();
        await foreach (var entry in ListAsync(folder, recursive: false, cancellationToken).ConfigureAwait(false))
        {
            if (!entry.IsFolder)
            {
                names.Add(entry.Name);
            }
        }

        return names;
    }

    /// <summary>Writes a whole object, visible at once or not at all, durable when it returns. See <see cref="PutOutcome"/> for what the answer means.</summary>
    ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default);

    /// <summary>The same with a choice of when it is durable. Storage that makes every write durable ignores the choice.</summary>
    ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, Durability durability, CancellationToken cancellationToken = default) =>
        PutAsync(path, content, condition, cancellationToken);

    /// <summary>Starts writing a large object, which appears when the writer is completed. Readers of a path never see half an object.</summary>
    ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>The same with a choice of when it is durable after its completion. Storage that makes every write durable ignores the choice.</summary>
    ValueTask<ObjectWriter> CreateAsync(string path, Durability durability, CancellationToken cancellationToken = default) => CreateAsync(path, cancellationToken);

    /// <summary>Removes an object; whether there was one. Durable like <see cref="Durability.Deferred"/>: with the next synced write.</summary>
    ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default);

    /// <summary>Removes a folder with all below it; nothing where there is none. Durable with the next synced write.</summary>
    ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default);

    /// <summary>Makes an empty folder on storage that has folders; does nothing elsewhere.</summary>
    ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default);

    /// <summary>Sets an object's modification time, which Hudi takes for an instant's completion time in tables of version 6; false where the storage cannot.</summary>
    ValueTask<bool> TrySetModifiedAsync(string path, DateTimeOffset modified, CancellationToken cancellationToken = default) => new(false);

    /// <summary>The path of an object on a local disk, for native readers (Parquet, DuckDB); null where the storage is not a local disk.</summary>
    string? GetLocalPath(string path);
}
