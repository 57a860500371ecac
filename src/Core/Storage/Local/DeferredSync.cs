#pragma warning disable RS0030 // Part of the local storage adapter.
using System.Runtime.InteropServices;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// Makes folder entries durable, and keeps account of what was deferred (<see cref="Durability.Deferred"/>, deletes, new folders): folders, and files whose content is on its way
/// to the disk. Linux only: other systems offer no sync of a folder, and there the entries are as durable as the file system makes them.
/// </summary>
/// <remarks>
/// Why deferring is safe. A commit is the appearance of one file, the completed instant. What it names must be durable before it can be seen, so <see cref="Flush"/> runs before each
/// synced write appears, oldest deferral first (markers before the data files they announce). A power cut before that loses deferred entries and content only, which no commit names, and
/// file systems that journal their metadata in order (ext4, XFS, Btrfs) lose the later entries first: never a marker while its data file stays. A content that could not be written is
/// reported by the sync here, though the file was closed meanwhile: Linux keeps an error until somebody has seen it. The content of a small file has reached the disk before its name is
/// given (<see cref="PendingFile.WriteOut"/>), so that the journal never holds the name without it.
/// </remarks>
internal sealed class DeferredSync
{
    private readonly Lock _flushing = new();
    private readonly Lock _listing = new();
    private readonly List<string> _deferred = [];
    private readonly HashSet<string> _known = [];
    private int _unsynced;
    private IOException? _failure;

    /// <summary>Notes that a folder's entries, or a file's content, changed and were not synced.</summary>
    public void Defer(string path)
    {
        lock (_listing)
        {
            if (_known.Add(path))
            {
                _deferred.Add(path);
                _unsynced++;
            }
        }
    }

    /// <summary>Syncs all that was deferred before this call. A second caller waits for the first, so that neither makes something visible that rests on unsynced entries.</summary>
    /// <exception cref="IOException">
    /// The disk failed, now or earlier. Linux reports lost content once and forgets it, so a second sync would succeed in vain: after a failure no synced write goes through this store.
    /// </exception>
    public void Flush()
    {
        if (Volatile.Read(ref _unsynced) == 0)
        {
            return;
        }

        lock (_flushing)
        {
            if (_failure is not null)
            {
                throw new IOException($"An earlier sync failed, so nothing more is written through this store: {_failure.Message}", _failure);
            }

            string[] batch;
            lock (_listing)
            {
                batch = [.. _deferred];
                _deferred.Clear();
                _known.Clear();
            }

            try
            {
                Array.ForEach(batch, Sync);
            }
            catch (IOException error)
            {
                // _unsynced stays above zero, so that every later flush comes here.
                _failure = error;
                throw;
            }

            lock (_listing)
            {
                _unsynced -= batch.Length;
            }
        }
    }

    /// <summary>Syncs one folder or file now. One that is gone has nothing to lose.</summary>
    public static void Sync(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var handle = Posix.OpenToSync(path);
        int error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : Posix.Sync(handle);
        if (error is not 0 and not Posix.NoEntry)
        {
            throw new IOException($"{path} could not be synced: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }
}
