#pragma warning disable RS0030 // Part of the local storage adapter.
using Microsoft.Win32.SafeHandles;

namespace OllaLab.Lakehouse.Storage;

/// <summary>Reads of files that others may replace or delete meanwhile: an open file keeps its content.</summary>
internal static class LocalReading
{
    public static SafeFileHandle Open(string fullPath)
    {
        try
        {
            return File.OpenHandle(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(fullPath))
        {
            throw new FileNotFoundException("This is a folder", fullPath);
        }
    }

    /// <summary>The whole file.</summary>
    public static ReadOnlyMemory<byte> All(SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        if (length > Array.MaxLength)
        {
            throw new IOException($"The file has {length} bytes, too many to be read at once");
        }

        var content = new byte[length];
        return content.AsMemory(0, Fill(file, 0, content));
    }

    /// <summary>Reads until the destination is full or the file ends.</summary>
    public static int Fill(SafeFileHandle file, long offset, Span<byte> destination)
    {
        int read = 0;
        while (read < destination.Length)
        {
            int more = RandomAccess.Read(file, destination[read..], offset + read);
            if (more == 0)
            {
                break;
            }

            read += more;
        }

        return read;
    }
}
