#pragma warning disable RS0030 // Part of the local storage adapter.
using System.Text;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// The version of a local file: inode, modification time and length. Every replacement through this adapter is a new inode with a later time than the one it replaces (see
/// <see cref="MakeLater"/>), so that two contents that followed each other never share a version.
/// </summary>
internal static class LocalVersion
{
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

    private static unsafe (long Length, DateTime Modified, string Version)? OnLinux(string fullPath)
    {
        // The longest path that the system takes, in bytes.
        const int Longest = 4096;
        int length = Encoding.UTF8.GetByteCount(fullPath);
        byte[]? large = length >= Longest ? new byte[length + 1] : null;
        Span<byte> text = large ?? stackalloc byte[length + 1];
        Encoding.UTF8.GetBytes(fullPath, text);
        text[length] = 0;
        fixed (byte* path = text)
        {
            return FileFacts.Read(FileFacts.FullPath, path, fullPath) is { IsFolder: false } file
                ? (file.Length, file.Modified, $"{file.Inode:x}-{file.Seconds:x}.{file.Nanoseconds:x}-{file.Length:x}")
                : null;
        }
    }
}
