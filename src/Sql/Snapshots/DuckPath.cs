using System.Buffers;

namespace OllaLab.Lakehouse.Sql;

/// <summary>A file's path as DuckDB takes it to be this file and no pattern: in a list of files <c>*</c>, <c>?</c> and <c>[</c> are read as a glob, and stand for themselves in brackets.</summary>
internal static class DuckPath
{
    private static readonly SearchValues<char> Glob = SearchValues.Create("*?[");

    /// <param name="table">The table.</param>
    /// <param name="path">The file, relative to the table's root.</param>
    public static string Of(LakehouseTable table, string path)
    {
        var local = FetchedFiles.PathOf(table, path);
        if (!local.AsSpan().ContainsAny(Glob))
        {
            return local;
        }

        // A backslash would take the special meaning from the bracket behind it. On Windows it separates folders, and names cannot have * and ?.
        if (local.Contains('\\', StringComparison.Ordinal))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "DuckDB cannot be given a path with both a backslash and one of * ? [", table.Location, path, remedy: "Read the table with LakehouseTable.ReadAsync");
        }

        return string.Concat(local.Select(c => Glob.Contains(c) ? $"[{c}]" : c.ToString()));
    }
}
