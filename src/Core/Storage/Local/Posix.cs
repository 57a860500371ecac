using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OllaLab.Lakehouse.Storage;

/// <summary>The few system calls that .NET does not offer: link (publish unless the name is taken), files without a name, fsync and flock of a folder, bulk directory reads.</summary>
internal static partial class Posix
{
    public const int NoEntry = 2;
    public const int Exists = 17;
    public const int NotAFolder = 20;

    private const int WriteOnly = 1;
    private const int CloseOnExec = 0x80000;
    private const int CurrentFolder = -100;
    private const int FollowLink = 0x400;
    private const int LockExclusive = 2;
    private const int Interrupted = 4;
    private const uint WaitBefore = 1, StartWrite = 2, WaitAfter = 4;

    // O_TMPFILE is __O_TMPFILE | O_DIRECTORY, and O_DIRECTORY differs between architectures (asm-generic/fcntl.h, arch/arm64/include/uapi/asm/fcntl.h).
    private static readonly int Nameless = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 0x410000 : 0x404000;

    /// <summary>Opens a folder, or a file, for <see cref="Sync"/> and <see cref="Lock"/>; an invalid handle when it cannot be opened (see <see cref="Marshal.GetLastPInvokeError"/>).</summary>
    public static SafeFileHandle OpenToSync(string path) => new(Open(path, CloseOnExec, 0), ownsHandle: true);

    /// <summary>Opens a file that has no name yet (O_TMPFILE): a crash leaves nothing of it. An invalid handle where the file system has no such files.</summary>
    public static SafeFileHandle OpenNameless(string folder) => new(Open(folder, Nameless | WriteOnly | CloseOnExec, 0x1B6 /* 0666 less the umask */), ownsHandle: true);

    /// <summary>Gives a nameless file its name unless that is taken; 0 or the error number.</summary>
    public static int PublishNameless(SafeFileHandle file, string path) =>
        LinkAt(CurrentFolder, $"/proc/self/fd/{file.DangerousGetHandle()}", CurrentFolder, path, FollowLink) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Gives a file a second name unless that is taken; 0 or the error number.</summary>
    public static int Link(string from, string to) => LinkNames(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Removes a name; 0 or the error number. Cheaper than File.Delete, which looks at the file first and hides that it was absent.</summary>
    public static int Unlink(string path) => UnlinkName(path) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Moves a name over another, replacing what was there; 0 or the error number.</summary>
    public static int Rename(string from, string to) => RenameName(from, to) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes the entries of a folder, or the content of a file, durable; 0 or the error number.</summary>
    public static int Sync(SafeFileHandle handle) => Repeat(handle, static handle => SyncHandle(handle));

    /// <summary>Fills a buffer with the next entries of an open folder (getdents64): the bytes filled, 0 at the end, -1 on an error. Linux on x64 and arm64.</summary>
    public static int ReadFolder(SafeFileHandle folder, byte[] buffer) =>
        (int)GetEntries(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 217 : 61, folder, buffer, buffer.Length);

    /// <summary>Starts to write a file's dirty pages to the disk and does not wait; a hint, whose failure shows at the sync.</summary>
    public static void StartWriteback(SafeFileHandle file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(file, offset, length, StartWrite);
        }
    }

    /// <summary>Hands a file's dirty pages to the disk and waits until it has them: neither what describes the file nor the disk's own cache is synced, which a sync of anything later does.</summary>
    public static int WriteOut(SafeFileHandle file) =>
        Repeat(file, static file => (int)SyncFileRange(file, 0, 0, WaitBefore | StartWrite | WaitAfter));

    /// <summary>Takes the folder's advisory lock, which closing the handle gives back; waits for it. 0 or the error number.</summary>
    public static int Lock(SafeFileHandle folder) => Repeat(folder, static handle => FLock(handle, LockExclusive));

    private static int Repeat(SafeFileHandle handle, Func<SafeFileHandle, int> call)
    {
        int error;
        do
        {
            error = call(handle) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);
        return error;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "linkat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkAt(int fromFolder, string from, int toFolder, string to, int flags);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkNames(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkName(string path);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameName(string from, string to);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncHandle(SafeFileHandle file);

    // By number: not every libc has a function for it.
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint GetEntries(nint number, SafeFileHandle folder, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int FLock(SafeFileHandle file, int operation);
}
