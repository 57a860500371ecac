namespace OllaLab.Lakehouse.Storage;

/// <summary>The rules for paths inside a store, the same for every store: what would leave the root, or could name two things, is refused before anything is touched.</summary>
internal static class ObjectPath
{
    /// <summary>Checks the path of an object: not empty, no leading, trailing or double '/', no '.' or '..' segment, no NUL.</summary>
    public static void RequireObject(string path, string root)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Length == 0)
        {
            throw Refuse(path, root, "An object's path is empty");
        }

        RequireFolder(path, root);
    }

    /// <summary>The same for a folder, where "" is the root.</summary>
    public static void RequireFolder(string path, string root)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Problem(path) is { } problem)
        {
            throw Refuse(path, root, problem);
        }
    }

    /// <summary>What is wrong with a path; null: nothing.</summary>
    public static string? Problem(string path)
    {
        int start = 0;
        while (path.Length > 0 && start <= path.Length)
        {
            int slash = path.IndexOf('/', start);
            int end = slash < 0 ? path.Length : slash;
            var segment = path.AsSpan(start, end - start);
            if (segment.Length == 0)
            {
                return "A path has an empty segment";
            }

            if (segment is "." or "..")
            {
                return "A path has a segment '.' or '..', which could leave the table";
            }

            // On Windows a backslash separates and a colon names a drive or a stream.
            if (segment.Contains('\0') || (OperatingSystem.IsWindows() && segment.ContainsAny('\\', ':')))
            {
                return "A path has a character that this storage cannot hold";
            }

            start = end + 1;
        }

        return null;
    }

    /// <summary>The folder of a path; "" for an object in the root.</summary>
    public static string Folder(string path) => path.LastIndexOf('/') is var slash and >= 0 ? path[..slash] : string.Empty;

    /// <summary>Joins a folder ("" is the root) and a name.</summary>
    public static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private static LakehouseException Refuse(string path, string root, string problem) =>
        new(LakehouseErrorKind.InvalidInput, problem, root, path.Replace('\0', '?'), remedy: "Use a relative path of plain segments separated by '/'; check partition values that hold '/' or '..'");
}
