#pragma warning disable RS0030 // Part of the local storage adapter.
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// The version of a local file: inode, modification time and length. Every replacement through this adapter is a new inode with a later time than the one it replaces (see
/// <see cref="MakeLater"/>), so that two contents that followed each other never share a version.
/// </summary>
internal static partial class LocalVersion
{
    private const int CurrentFolder = -100;
    private const uint Wanted = 0x347; // STATX_TYPE | MODE | NLINK | MTIME | INO | SIZE

    /// <summary>Length, time and version of a file; null when there is none or it is a folder.</summary>
    public static (long Length, DateTime Modified, string Version)? Of(string fullPath)
    {
        if (OperatingSystem.IsLinux())
        {
            return OnLinux(fullPath);
        }

        var file = new FileInfo(fullPath);
        return file.Exists ? (file.Length, file.LastWriteTimeUtc, $"{file.LastWriteTimeUtc.Ticks:x}-{file.Length:x}") : null;
    }

    /// <summary>Sets the time of a file that is to replace another after the other's, when the clock of the file system is too coarse (or went back) to have done so.</summary>
    public static void MakeLater(PendingFile file, DateTime replaced)
    {
        if (File.GetLastWriteTimeUtc(file.Handle) <= replaced)
        {
            File.SetLastWriteTimeUtc(file.Handle, replaced.AddTicks(1));
        }
    }

    // struct statx has one layout on every architecture (linux/stat.h): mode at 28, inode at 32, size at 40, mtime seconds at 112 and nanoseconds at 120.
    private static unsafe (long Length, DateTime Modified, string Version)? OnLinux(string fullPath)
    {
        Span<byte> stat = stackalloc byte[256];
        fixed (byte* buffer = stat)
        {
            if (Statx(CurrentFolder, fullPath, 0, Wanted, buffer) != 0)
            {
                int error = Marshal.GetLastPInvokeError();
                return error is Posix.NoEntry or Posix.NotAFolder ? null : throw LocalErrors.From(error, fullPath);
            }
        }

        const int FileTypeMask = 0xF000, Folder = 0x4000;
        if ((BinaryPrimitives.ReadUInt16LittleEndian(stat[28..]) & FileTypeMask) == Folder)
        {
            return null;
        }

        ulong inode = BinaryPrimitives.ReadUInt64LittleEndian(stat[32..]);
        long length = BinaryPrimitives.ReadInt64LittleEndian(stat[40..]);
        long seconds = BinaryPrimitives.ReadInt64LittleEndian(stat[112..]);
        uint nanoseconds = BinaryPrimitives.ReadUInt32LittleEndian(stat[120..]);
        return (length, DateTime.UnixEpoch.AddTicks((seconds * TimeSpan.TicksPerSecond) + (nanoseconds / 100)), $"{inode:x}-{seconds:x}.{nanoseconds:x}-{length:x}");
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int folder, string path, int flags, uint mask, byte* result);
}
