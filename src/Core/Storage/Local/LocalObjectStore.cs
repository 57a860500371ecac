#pragma warning disable RS0030 // This is the local storage adapter.
using System.Runtime.CompilerServices;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// A folder on a local disk (or a mounted one with POSIX semantics). Calls do their work on the calling thread; the store is safe for many threads and many processes at once.
/// </summary>
/// <remarks>
/// <para>Writes appear whole or not at all, in every process. On Linux they are durable: content and folder entries are synced (see <see cref="Durability"/>); on other systems the content
/// is synced, and the folder entry is as durable as the file system makes it.</para>
/// <para>Put-if-absent is decided by the file system (link), so exactly one of any writers wins, in whatever process or language.
/// Compare-and-swap (<see cref="PutCondition.IfMatch"/>), replacement and deletion exclude one another by an advisory lock (flock) on the containing folder: they are atomic among all
/// processes using this library, and not against foreign programs that replace files without that lock. Linux only; elsewhere compare-and-swap is refused.</para>
/// <para>Symbolic links below the root are followed, as Hadoop does: users link partitions to other disks. Paths that would leave the root by name ('..', absolute) are refused.</para>
/// <para>Hadoop's checksum sidecars (<c>.name.crc</c>) and temporary files (<c>.name.*.tmp</c>) are not listed; the sidecar of a file that is created, replaced or deleted is removed, since
/// Java would refuse the file otherwise.</para>
/// </remarks>
public sealed class LocalObjectStore : IObjectStore
{
    private readonly LocalDisk _disk;

    /// <summary>A store on a folder, which need not be there yet.</summary>
    /// <param name="root">The folder, absolute or relative to the current one.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.InvalidInput"/>: the root is empty.</exception>
    public LocalObjectStore(string root)
        : this(root, LakehouseEnvironment.System)
    {
    }

    /// <summary>The same with the caller's source of identifiers (for temporary names), so that a seeded test repeats.</summary>
    internal LocalObjectStore(string root, LakehouseEnvironment environment)
    {
        if (string.IsNullOrWhiteSpace(root) || root.Contains('\0'))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "A store's root is empty", remedy: "Give the path of a folder");
        }

        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        Root = OperatingSystem.IsWindows() ? full.Replace('\\', '/') : full;
        _disk = new LocalDisk(environment.NewGuid);
    }

    /// <inheritdoc/>
    public string Root { get; }

    /// <inheritdoc/>
    public StorageCapabilities Capabilities { get; } = new(PutIfAbsent: true, CompareAndSwap: OperatingSystem.IsLinux(), Append: false, Folders: true);

    /// <inheritdoc/>
    public string? GetLocalPath(string path) => ObjectFile(path);

    /// <inheritdoc/>
    public ValueTask<ObjectInfo?> GetInfoAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(OnDisk<ObjectInfo?>(path, (_, full) =>
            LocalVersion.Of(full) is var (length, modified, version) ? new ObjectInfo(path, length, modified, version) : null));
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(OnDisk(path, (_, full) =>
        {
            using var file = LocalReading.Open(full);
            return LocalReading.All(file);
        }));
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadRangeAsync(string path, long offset, Memory<byte> destination, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return new(OnDisk(path, (_, full) =>
        {
            using var file = LocalReading.Open(full);
            return LocalReading.Fill(file, offset, destination.Span);
        }));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectInfo> ListAsync(string folder, bool recursive, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await ValueTask.CompletedTask.ConfigureAwait(false);
        foreach (var entry in OnFolder(folder, full => LocalListing.Entries(Root, full, folder, recursive), []))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return entry;
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> ListNamesAsync(string folder, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(OnFolder(folder, LocalListing.Names, []));
    }

    /// <inheritdoc/>
    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, CancellationToken cancellationToken = default) =>
        PutAsync(path, content, condition, Durability.Synced, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<PutResult> PutAsync(string path, ReadOnlyMemory<byte> content, PutCondition condition, Durability durability, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (condition.Version is not null && !Capabilities.CompareAndSwap)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "Compare-and-swap on a local disk works on Linux only", Root, path, remedy: "Use another kind of lock on this system");
        }

        return new(OnDisk(path, (disk, full) =>
        {
            var (outcome, cause) = Put(disk, full, content.Span, condition, durability);
            return new PutResult(outcome, outcome == PutOutcome.Committed ? LocalVersion.Of(full)?.Version : null, cause);
        }));
    }

    /// <inheritdoc/>
    public ValueTask<ObjectWriter> CreateAsync(string path, CancellationToken cancellationToken = default) => CreateAsync(path, Durability.Synced, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<ObjectWriter> CreateAsync(string path, Durability durability, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(OnDisk<ObjectWriter>(path, (disk, full) => new LocalObjectWriter(this, path, durability, disk.Start(full, replace: false))));
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(OnDisk(path, (disk, full) => disk.Delete(full)));
    }

    /// <inheritdoc/>
    public ValueTask DeleteFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        OnFolder(folder, full => _disk.DeleteFolder(full));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CreateFolderAsync(string folder, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        OnFolder(folder, full => _disk.MakeFolder(full));
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a folder for its owner alone, where rows are put aside.</summary>
    internal void CreatePrivateFolder(string folder) => OnFolder(folder, static full =>
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(full);
        }
        else
        {
            Directory.CreateDirectory(full, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    });

    /// <inheritdoc/>
    public ValueTask<bool> TrySetModifiedAsync(string path, DateTimeOffset modified, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(OnDisk(path, (_, full) =>
        {
            File.SetLastWriteTimeUtc(full, modified.UtcDateTime);
            return true;
        }));
    }

    /// <summary>Runs a call on an object's file; the disk's failures become ours.</summary>
    internal T OnDisk<T>(string path, Func<LocalDisk, string, T> call)
    {
        var full = ObjectFile(path);
        try
        {
            return call(_disk, full);
        }
        catch (Exception error) when (LocalErrors.IsOfTheDisk(error))
        {
            throw LocalErrors.From(error, Root, path);
        }
    }

    private static (PutOutcome Outcome, Exception? Cause) Put(LocalDisk disk, string full, ReadOnlySpan<byte> content, PutCondition condition, Durability durability)
    {
        if (content.IsEmpty && condition.Version is null)
        {
            var created = disk.PublishEmpty(full, durability);
            if (condition.MustBeAbsent || created.Outcome != PutOutcome.Conflict)
            {
                return created;
            }
        }

        using var file = disk.Start(full, replace: !condition.MustBeAbsent);
        RandomAccess.Write(file.Handle, content, 0);
        return condition.MustBeAbsent ? disk.Publish(file, full, durability, mayTear: false) : disk.Replace(file, full, condition.Version, durability);
    }

    private void OnFolder(string folder, Action<string> call) => OnFolder(
        folder,
        full =>
        {
            call(full);
            return true;
        },
        absent: true);

    private T OnFolder<T>(string folder, Func<string, T> call, T absent)
    {
        ObjectPath.RequireFolder(folder, Root);
        try
        {
            return call(folder.Length == 0 ? Root : $"{Root}/{folder}");
        }
        catch (DirectoryNotFoundException)
        {
            return absent;
        }
        catch (Exception error) when (LocalErrors.IsOfTheDisk(error))
        {
            throw LocalErrors.From(error, Root, folder);
        }
    }

    private string ObjectFile(string path)
    {
        ObjectPath.RequireObject(path, Root);
        return $"{Root}/{path}";
    }
}
