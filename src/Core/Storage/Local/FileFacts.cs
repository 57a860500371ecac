using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OllaLab.Lakehouse.Storage;

/// <summary>What the system says of a file or folder (statx). Linux only.</summary>
internal readonly partial record struct FileFacts(bool IsFolder, ulong Inode, long Length, long Seconds, uint Nanoseconds)
{
    /// <summary>For <see cref="Read"/>: the path is a full one.</summary>
    public const int FullPath = -100;

    private const uint Wanted = 0x347; // STATX_TYPE | MODE | NLINK | MTIME | INO | SIZE

    /// <summary>When the content was last written, UTC.</summary>
    public DateTime Modified => DateTime.UnixEpoch.AddTicks((Seconds * TimeSpan.TicksPerSecond) + (Nanoseconds / 100));

    /// <summary>Links are followed; null when nothing is there.</summary>
    /// <param name="folder">An open folder that the path is relative to, or <see cref="FullPath"/>.</param>
    /// <param name="path">UTF-8, ends with NUL.</param>
    /// <param name="forErrors">The path that an error names.</param>
    public static unsafe FileFacts? Read(int folder, byte* path, string forErrors)
    {
        // struct statx has one layout on every architecture (linux/stat.h): mode at 28, inode at 32, size at 40, mtime seconds at 112 and nanoseconds at 120.
        Span<byte> stat = stackalloc byte[256];
        fixed (byte* buffer = stat)
        {
            if (Statx(folder, path, 0, Wanted, buffer) != 0)
            {
                int error = Marshal.GetLastPInvokeError();
                return error is Posix.NoEntry or Posix.NotAFolder ? null : throw LocalErrors.From(error, forErrors);
            }
        }

        const int FileTypeMask = 0xF000, Folder = 0x4000;
        return new FileFacts(
            (BinaryPrimitives.ReadUInt16LittleEndian(stat[28..]) & FileTypeMask) == Folder,
            BinaryPrimitives.ReadUInt64LittleEndian(stat[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(stat[40..]),
            BinaryPrimitives.ReadInt64LittleEndian(stat[112..]),
            BinaryPrimitives.ReadUInt32LittleEndian(stat[120..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static unsafe partial int Statx(int folder, byte* path, int flags, uint mask, byte* result);
}
