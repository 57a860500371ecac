#pragma warning disable RS0030 // Part of the local storage adapter.
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// The entries of one folder, read in bulk (getdents64) and looked at relative to the open folder (statx). .NET's enumeration makes a call for each entry and resolves its whole path
/// again for its size, which takes two to four times as long on folders of thousands of files. Linux on x64 and arm64 only.
/// </summary>
internal sealed class FolderReader : IDisposable
{
    private const int BufferSize = 128 * 1024;

    // struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name until NUL.
    private const int LengthAt = 16, TypeAt = 18, NameAt = 19;
    private const byte Folder = 4, File = 8;

    private readonly string path;
    private readonly SafeFileHandle handle;
    private readonly byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int at;
    private int end;
    private int name;
    private int nameLength;
    private byte type;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="DirectoryNotFoundException">It is not there.</exception>
    public FolderReader(string path)
    {
        this.path = path;
        handle = Posix.OpenToSync(path);
        if (handle.IsInvalid)
        {
            throw LocalErrors.From(Marshal.GetLastPInvokeError(), path);
        }
    }

    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>The current entry's name.</summary>
    public string Name => Encoding.UTF8.GetString(buffer, name, nameLength);

    /// <summary>Whether the current entry is a sub-folder, or a link to a folder.</summary>
    public bool IsFolder => type == Folder || (type != File && Stat() is { IsFolder: true });

    /// <summary>Size and time of the current entry; null when it has gone meanwhile.</summary>
    public unsafe FileFacts? Stat()
    {
        fixed (byte* text = &buffer[name])
        {
            return FileFacts.Read((int)handle.DangerousGetHandle(), text, path);
        }
    }

    /// <summary>Goes to the next entry that is an object's or a sub-folder: not to "." and "..", temporary files and sidecars.</summary>
    public bool Next()
    {
        while (true)
        {
            if (at == end)
            {
                end = Posix.ReadFolder(handle, buffer);
                at = 0;
                if (end < 0)
                {
                    end = 0;
                    throw LocalErrors.From(Marshal.GetLastPInvokeError(), path);
                }

                if (end == 0)
                {
                    return false;
                }
            }

            type = buffer[at + TypeAt];
            name = at + NameAt;
            nameLength = buffer.AsSpan(name).IndexOf((byte)0);
            at += BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + LengthAt));
            if (buffer[name] != '.' || !IsHidden(buffer.AsSpan(name, nameLength)))
            {
                return true;
            }
        }
    }

    public void Dispose()
    {
        handle.Dispose();
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private static bool IsHidden(ReadOnlySpan<byte> name) => name is [(byte)'.'] or [(byte)'.', (byte)'.'] || LocalNames.IsBeside(Encoding.UTF8.GetString(name));
}
