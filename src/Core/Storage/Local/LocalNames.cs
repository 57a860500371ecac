namespace OllaLab.Lakehouse.Storage;

/// <summary>The names beside an object's own: temporary files of ours, and the checksum sidecars that Hadoop's LocalFileSystem leaves.</summary>
internal static class LocalNames
{
    private const string TemporaryEnd = ".tmp";
    private const string SidecarEnd = ".crc";

    /// <summary>A temporary name in the object's folder: hidden, and ending in '.tmp', which Hudi's timeline listing ignores; no data or log file name parses from it.</summary>
    public static string Temporary(string fullPath, Guid id)
    {
        int name = fullPath.LastIndexOf('/') + 1;
        return $"{fullPath.AsSpan(0, name)}.{fullPath.AsSpan(name, Math.Min(fullPath.Length - name, 48))}.{id:N}{TemporaryEnd}";
    }

    /// <summary>The sidecar of an object; Hadoop refuses to read a file whose sidecar does not fit its content, so whoever replaces or deletes a file removes it (ChecksumFileSystem).</summary>
    public static string Sidecar(string fullPath)
    {
        int name = fullPath.LastIndexOf('/') + 1;
        return $"{fullPath.AsSpan(0, name)}.{fullPath.AsSpan(name)}{SidecarEnd}";
    }

    /// <summary>Whether a name is one of these and no object.</summary>
    public static bool IsBeside(ReadOnlySpan<char> name) =>
        name.Length > 4 && name[0] == '.' && (name.EndsWith(SidecarEnd, StringComparison.Ordinal) || name.EndsWith(TemporaryEnd, StringComparison.Ordinal));
}
