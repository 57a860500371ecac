#pragma warning disable RS0030 // Part of the local storage adapter.
using System.Runtime.InteropServices;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// Makes folder entries durable, and keeps account of the folders whose sync was deferred (<see cref="Durability.Deferred"/>, deletes, new folders).
/// Linux only: other systems offer no sync of a folder, and there the entries are as durable as the file system makes them.
/// </summary>
/// <remarks>
/// Why deferring is safe. A commit is the appearance of one file, the completed instant. What it names must be durable before it can be seen, so <see cref="Flush"/> runs before each
/// synced write appears, oldest deferral first (markers before the data files they announce). A power cut before that loses deferred entries only, and file systems that journal
/// their metadata in order (ext4, XFS, Btrfs) lose the later ones first: never a marker while its data file stays.
/// </remarks>
internal sealed class FolderSync
{
    private readonly Lock _flushing = new();
    private readonly Lock _listing = new();
    private readonly List<string> _deferred = [];
    private readonly HashSet<string> _known = [];
    private int _unsynced;

    /// <summary>Notes that a folder's entries changed and were not synced.</summary>
    public void Defer(string folder)
    {
        lock (_listing)
        {
            if (_known.Add(folder))
            {
                _deferred.Add(folder);
                _unsynced++;
            }
        }
    }

    /// <summary>Syncs all that was deferred before this call. A second caller waits for the first, so that neither makes something visible that rests on unsynced entries.</summary>
    public void Flush()
    {
        if (Volatile.Read(ref _unsynced) == 0)
        {
            return;
        }

        lock (_flushing)
        {
            string[] batch;
            lock (_listing)
            {
                batch = [.. _deferred];
                _deferred.Clear();
                _known.Clear();
            }

            int done = 0;
            try
            {
                for (; done < batch.Length; done++)
                {
                    Sync(batch[done]);
                }
            }
            finally
            {
                lock (_listing)
                {
                    _unsynced -= done;
                    foreach (var folder in batch.AsSpan(done))
                    {
                        if (_known.Add(folder))
                        {
                            _deferred.Insert(0, folder);
                        }
                        else
                        {
                            _unsynced--;
                        }
                    }
                }
            }
        }
    }

    /// <summary>Syncs one folder now. A folder that is gone has nothing to lose.</summary>
    public static void Sync(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var handle = Posix.OpenFolder(folder);
        int error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : Posix.Sync(handle);
        if (error is not 0 and not Posix.NoEntry)
        {
            throw new IOException($"The folder {folder} could not be synced: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }
}
