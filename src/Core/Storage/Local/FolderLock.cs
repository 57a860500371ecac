using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// Excludes replacements and deletions in one folder from one another, between threads and processes: flock on the folder itself, so that no lock file lies in the table and a process
/// that dies gives the lock back. Held for two or three system calls, never during a sync. Nothing on systems other than Linux.
/// </summary>
internal readonly struct FolderLock : IDisposable
{
    private readonly SafeFileHandle? _folder;

    private FolderLock(SafeFileHandle? folder) => _folder = folder;

    /// <summary>Waits for the lock of a folder.</summary>
    public static FolderLock Take(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return default;
        }

        var handle = Posix.OpenToSync(folder);
        int error = handle.IsInvalid ? Marshal.GetLastPInvokeError() : Posix.Lock(handle);
        if (error != 0)
        {
            handle.Dispose();
            throw LocalErrors.From(error, folder);
        }

        return new FolderLock(handle);
    }

    public void Dispose() => _folder?.Dispose();
}
