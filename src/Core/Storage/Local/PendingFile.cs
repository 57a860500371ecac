#pragma warning disable RS0030 // Part of the local storage adapter.
using Microsoft.Win32.SafeHandles;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// A file that is written but not there yet. On Linux it has no name at all (O_TMPFILE), so that a crash leaves nothing behind; where the file system has no such files, or the file is
/// to replace another, it has a temporary name (<see cref="LocalNames.Temporary"/>).
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private string? _temporary;

    private PendingFile(SafeFileHandle handle, string? temporary)
    {
        Handle = handle;
        _temporary = temporary;
    }

    /// <summary>Where to write.</summary>
    public SafeFileHandle Handle { get; }

    /// <summary>Starts a file in a folder that is there.</summary>
    /// <exception cref="DirectoryNotFoundException">The folder is not there.</exception>
    public static PendingFile Open(string fullPath, string folder, bool replace, Func<Guid> newGuid)
    {
        if (OperatingSystem.IsLinux() && !replace)
        {
            var nameless = Posix.OpenNameless(folder);
            if (!nameless.IsInvalid)
            {
                return new PendingFile(nameless, null);
            }

            nameless.Dispose();
        }

        while (true)
        {
            var temporary = LocalNames.Temporary(fullPath, newGuid());
            try
            {
                return new PendingFile(File.OpenHandle(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete), temporary);
            }
            catch (IOException) when (File.Exists(temporary))
            {
                // Another writer drew the same identifier (seeded tests do).
            }
        }
    }

    /// <summary>Makes the content durable.</summary>
    public void Sync() => RandomAccess.FlushToDisk(Handle);

    /// <summary>
    /// Makes sure that the content is on its way to the disk before the name is: on a file system that journals its metadata, whoever finds the name after a power cut finds the content.
    /// Much cheaper than <see cref="Sync"/>, which waits for the journal and for the disk's cache.
    /// </summary>
    public void WriteOut()
    {
        if (!OperatingSystem.IsLinux() || Posix.WriteOut(Handle) != 0)
        {
            Sync();
        }
    }

    /// <summary>Gives the file its name unless the name is taken; whether it was free. The decision is the file system's, in one step (link), also between processes.</summary>
    public bool PublishIfAbsent(string fullPath)
    {
        int error;
        if (_temporary is null)
        {
            error = Posix.PublishNameless(Handle, fullPath);
        }
        else if (!OperatingSystem.IsWindows())
        {
            error = Posix.Link(_temporary, fullPath);
        }
        else
        {
            Handle.Dispose();
            try
            {
                File.Move(_temporary, fullPath, overwrite: false);
                _temporary = null;
                return true;
            }
            catch (IOException) when (File.Exists(fullPath))
            {
                return false;
            }
        }

        return error is 0 or Posix.Exists ? error == 0 : throw LocalErrors.From(error, fullPath);
    }

    /// <summary>Puts the file in the place of the one there, in one step.</summary>
    public void Replace(string fullPath)
    {
        Handle.Dispose();
        File.Move(_temporary!, fullPath, overwrite: true);
        _temporary = null;
    }

    /// <summary>Gives up what was not published.</summary>
    public void Dispose()
    {
        Handle.Dispose();
        if (_temporary is not null)
        {
            File.Delete(_temporary);
            _temporary = null;
        }
    }
}
