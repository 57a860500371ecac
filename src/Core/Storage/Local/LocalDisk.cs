#pragma warning disable RS0030 // Part of the local storage adapter.
namespace OllaLab.Lakehouse.Storage;

/// <summary>The changes to a disk: how a file appears, is replaced and goes, and what is synced when. Full paths; failures are the disk's own exceptions.</summary>
internal sealed class LocalDisk(Func<Guid> newGuid)
{
    private readonly DeferredSync _deferred = new();

    /// <summary>Starts a file, with the folders above it.</summary>
    /// <param name="full">Where it will appear.</param>
    /// <param name="replace">Whether it may replace one that is there.</param>
    public PendingFile Start(string full, bool replace)
    {
        var folder = FolderOf(full);
        try
        {
            return PendingFile.Open(full, folder, replace, newGuid);
        }
        catch (Exception error) when (LacksFolder(error))
        {
            MakeFolder(folder);
            return PendingFile.Open(full, folder, replace, newGuid);
        }
    }

    /// <summary>Makes a written file appear where nothing is yet, after all that was deferred before it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="full">Where.</param>
    /// <param name="durability">When it must be durable.</param>
    /// <param name="mayTear">Whether the sync of the content may be deferred too, so that a power cut may leave the file with part of its content.</param>
    public (PutOutcome Outcome, Exception? Cause) Publish(PendingFile file, string full, Durability durability, bool mayTear)
    {
        if (durability == Durability.Synced)
        {
            file.Sync();
        }
        else if (!mayTear || !OperatingSystem.IsLinux())
        {
            file.WriteOut();
        }

        FlushBefore(durability);
        if (!file.PublishIfAbsent(full))
        {
            return (PutOutcome.Conflict, null);
        }

        if (durability == Durability.Deferred)
        {
            Posix.StartWriteback(file.Handle, 0, 0);
            _deferred.Defer(full);
        }

        RemoveSidecar(full);
        return Settle(full, durability);
    }

    /// <summary>The same for an empty file, which is whole the moment it is created: no pending file, and its entry in the folder is all there is to sync.</summary>
    public (PutOutcome Outcome, Exception? Cause) PublishEmpty(string full, Durability durability)
    {
        for (bool again = false; ; again = true)
        {
            FlushBefore(durability);
            try
            {
                File.OpenHandle(full, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
                RemoveSidecar(full);
                return Settle(full, durability);
            }
            catch (Exception error) when (!again && LacksFolder(error))
            {
                MakeFolder(FolderOf(full));
            }
            catch (IOException) when (Path.Exists(full))
            {
                return (PutOutcome.Conflict, null);
            }
        }
    }

    /// <summary>Makes a written file appear in the place of another, if that has the version wanted (null: any, or none at all).</summary>
    public (PutOutcome Outcome, Exception? Cause) Replace(PendingFile file, string full, string? version, Durability durability)
    {
        file.Sync();
        FlushBefore(durability);
        using (FolderLock.Take(FolderOf(full)))
        {
            var there = LocalVersion.Of(full);
            if (version is not null && there?.Version != version)
            {
                return (PutOutcome.Conflict, null);
            }

            if (there is var (_, modified, _))
            {
                LocalVersion.MakeLater(file, modified);
            }

            // The sidecar goes first: without one, Java reads either content.
            RemoveSidecar(full);
            file.Replace(full);
        }

        return Settle(full, durability);
    }

    /// <summary>Removes a file; whether there was one.</summary>
    public bool Delete(string full)
    {
        var folder = FolderOf(full);
        try
        {
            using var alone = FolderLock.Take(folder);
            RemoveSidecar(full);
            if (!File.Exists(full))
            {
                return false;
            }

            File.Delete(full);
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            return false;
        }

        _deferred.Defer(folder);
        return true;
    }

    /// <summary>Removes a folder and all below it.</summary>
    public void DeleteFolder(string full)
    {
        try
        {
            Directory.Delete(full, recursive: true);
            _deferred.Defer(FolderOf(full));
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing to remove.
        }
    }

    /// <summary>Makes a folder and those above it; their entries are durable with the next synced write.</summary>
    public void MakeFolder(string full)
    {
        if (Directory.Exists(full))
        {
            return;
        }

        var parent = FolderOf(full);
        if (parent.Length < full.Length)
        {
            MakeFolder(parent);
        }

        Directory.CreateDirectory(full);
        _deferred.Defer(parent);
    }

    // Which of the two .NET throws it finds out by looking for the folder once more: another thread may have made it by then.
    private static bool LacksFolder(Exception error) => error is DirectoryNotFoundException or FileNotFoundException;

    private static string FolderOf(string full) => Path.GetDirectoryName(full) ?? full;

    private static void RemoveSidecar(string full)
    {
        var sidecar = LocalNames.Sidecar(full);
        if (OperatingSystem.IsLinux())
        {
            _ = Posix.Unlink(sidecar);
        }
        else
        {
            File.Delete(sidecar);
        }
    }

    private void FlushBefore(Durability durability)
    {
        if (durability == Durability.Synced)
        {
            _deferred.Flush();
        }
    }

    // The file is visible from here on: a failure to sync is no failure to write, but an outcome that nobody knows.
    private (PutOutcome Outcome, Exception? Cause) Settle(string full, Durability durability)
    {
        var folder = FolderOf(full);
        if (durability == Durability.Deferred)
        {
            _deferred.Defer(folder);
            return (PutOutcome.Committed, null);
        }

        try
        {
            DeferredSync.Sync(folder);
            return (PutOutcome.Committed, null);
        }
        catch (IOException error)
        {
            return (PutOutcome.Unknown, error);
        }
    }
}
