#pragma warning disable RS0030 // Part of the local storage adapter.
using System.IO.Enumeration;

namespace OllaLab.Lakehouse.Storage;

/// <summary>Folder listings without our temporary files and Hadoop's sidecars. Symbolic links are followed.</summary>
internal static class LocalListing
{
    /// <summary>Names of the files in a folder: no file is looked at, only the folder is read.</summary>
    public static IReadOnlyList<string> Names(string folder)
    {
        var names = new List<string>();
        if (FolderReader.IsSupported)
        {
            using var entries = new FolderReader(folder);
            while (entries.Next())
            {
                if (!entries.IsFolder)
                {
                    names.Add(entries.Name);
                }
            }

            return names;
        }

        names.AddRange(new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.FileName.ToString(), Options(recursive: false))
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !LocalNames.IsBeside(entry.FileName) && !entry.IsDirectory,
        });
        return names;
    }

    /// <summary>Files with length and time, and the sub-folders unless recursive.</summary>
    public static List<ObjectInfo> Entries(string root, string folder, string path, bool recursive) => !recursive && FolderReader.IsSupported
        ? Entries(folder, path)
        : [.. new FileSystemEnumerable<ObjectInfo>(folder, (ref FileSystemEntry entry) => Describe(ref entry, root, path, recursive), Options(recursive))
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !LocalNames.IsBeside(entry.FileName) && !(recursive && entry.IsDirectory),
        }];

    private static List<ObjectInfo> Entries(string folder, string path)
    {
        var found = new List<ObjectInfo>();
        using var entries = new FolderReader(folder);
        while (entries.Next())
        {
            // What has gone since its name was read is as good as never there.
            if (entries.Stat() is { } file)
            {
                found.Add(new ObjectInfo(ObjectPath.Join(path, entries.Name), file.IsFolder ? 0 : file.Length, file.Modified, null, file.IsFolder));
            }
        }

        return found;
    }

    private static ObjectInfo Describe(ref FileSystemEntry entry, string root, string path, bool recursive)
    {
        var objectPath = recursive
            ? entry.ToSpecifiedFullPath()[(root.Length + 1)..].Replace('\\', OperatingSystem.IsWindows() ? '/' : '\\')
            : ObjectPath.Join(path, entry.FileName.ToString());
        return entry.IsDirectory
            ? new ObjectInfo(objectPath, 0, entry.LastWriteTimeUtc, null, IsFolder: true)
            : new ObjectInfo(objectPath, entry.Length, entry.LastWriteTimeUtc);
    }

    private static EnumerationOptions Options(bool recursive) => new() { AttributesToSkip = 0, IgnoreInaccessible = false, RecurseSubdirectories = recursive };
}
