using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Partitions, files and instants as files of the table name them. One that leads out of the table, or to where no rows are (.hoodie), is damage or an attack: it is refused where it is read, before
/// anything is done by it. Stores refuse what leaves their root once more.
/// </summary>
internal static class NamedPaths
{
    private const string Own = ".hoodie";

    /// <summary>A partition path; "" where there is none.</summary>
    public static string Partition(string? path) => string.IsNullOrEmpty(path) ? string.Empty
        : ObjectPath.Problem(path) is null && path != Own && !path.StartsWith(Own + "/", StringComparison.Ordinal) ? path
        : throw Refuse("partition", path);

    /// <summary>A file's name or a file group's id, which names of files begin with.</summary>
    public static string Name(string name) => name.Length > 0 && !name.Contains('/') && ObjectPath.Problem(name) is null ? name : throw Refuse("file", name);

    /// <summary>An instant's time, which names of files and of folders of markers are made of.</summary>
    public static string Time(string time) => time.Length > 0 && !time.AsSpan().ContainsAnyExceptInRange('0', '9') ? time : throw Refuse("time", time);

    private static LakehouseException Refuse(string what, string name) => new(LakehouseErrorKind.Corrupt, $"it names the {what} '{name}', which is none of a table's");
}
