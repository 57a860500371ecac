using System.Text;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a marker announces (IOType).</summary>
internal enum MarkerType
{
    /// <summary>The first base file of a new file group; from version 8 on also a log file.</summary>
    Create,

    /// <summary>A new base file of a file group that exists.</summary>
    Merge,

    /// <summary>A log file of a version 6 table.</summary>
    Append,
}

/// <summary>A marker: the data file, relative to the table's root, that a write was about to make.</summary>
internal sealed record Marker(string DataPath, MarkerType Type);

/// <summary>
/// Markers of one write, under .hoodie/.temp/INSTANT: a list of every data file that it may have made, so that a rollback need not search (WriteMarkers). Ours are DIRECT, an empty
/// file each; those that Java's timeline server writes (MARKERS.type, MARKERS0, ...) are read as well.
/// </summary>
/// <param name="store">The table's storage.</param>
/// <param name="instant">The write.</param>
/// <param name="early">Looks at other writers' markers first; null: nobody does.</param>
internal sealed class Markers(IObjectStore store, string instant, EarlyConflicts? early = null)
{
    private const string TypeFile = "MARKERS.type";
    private const string ServerType = "TIMELINE_SERVER_BASED";
    private const string Infix = ".marker.";

    /// <summary>The folder, relative to the table's root.</summary>
    public string Folder { get; } = ".hoodie/.temp/" + instant;

    /// <summary>Must have returned before the data file is created. Repeating it does no harm.</summary>
    public async ValueTask CreateAsync(string partitionPath, string fileName, MarkerType type, CancellationToken cancellationToken = default)
    {
        if (early is not null)
        {
            await early.CheckAsync(partitionPath, fileName, cancellationToken);
        }

        var dataPath = partitionPath.Length == 0 ? fileName : partitionPath + "/" + fileName;
        var path = Folder + "/" + dataPath + Infix + Name(type);

        // Empty and the same for all who may write it: whether it was there before does not matter.
        var result = await store.PutAsync(path, default, PutCondition.None, Durability.Deferred, cancellationToken);
        if (result.Outcome != PutOutcome.Committed && await store.GetInfoAsync(path, cancellationToken) is null)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Storage, "the marker of a data file could not be written", store.Root, path, instant, "Repeat the write: the next one rolls this one back", result.Cause);
        }
    }

    /// <summary>Whether there is any marker, of either kind.</summary>
    public async ValueTask<bool> ExistAsync(CancellationToken cancellationToken = default)
    {
        await foreach (var file in store.ListAsync(Folder, recursive: true, cancellationToken))
        {
            if (!IsSidecar(file.Name))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>All markers of the write, both kinds; none where the folder is not there.</summary>
    public async ValueTask<IReadOnlyList<Marker>> ListAsync(CancellationToken cancellationToken = default)
    {
        var found = new List<Marker>();
        await foreach (var file in store.ListAsync(Folder, recursive: true, cancellationToken))
        {
            var relative = file.Path[(Folder.Length + 1)..];
            if (IsSidecar(file.Name))
            {
                continue;
            }

            if (relative == TypeFile)
            {
                await CheckTypeAsync(file.Path, cancellationToken);
            }
            else if (relative.StartsWith("MARKERS", StringComparison.Ordinal) && !relative.Contains('/'))
            {
                var text = Encoding.UTF8.GetString((await store.ReadAsync(file.Path, cancellationToken)).Span);
                foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                {
                    found.Add(Parse(line.TrimEnd('\r'), file.Path));
                }
            }
            else
            {
                found.Add(Parse(relative, file.Path));
            }
        }

        return found;
    }

    /// <summary>Removes all; the last step of a write and of its rollback.</summary>
    public ValueTask DeleteAsync(CancellationToken cancellationToken = default) => store.DeleteFolderAsync(Folder, cancellationToken);

    private static bool IsSidecar(string name) => name.EndsWith(".crc", StringComparison.Ordinal) || name.EndsWith(".tmp", StringComparison.Ordinal);

    private static string Name(MarkerType type) => type switch
    {
        MarkerType.Create => "CREATE",
        MarkerType.Merge => "MERGE",
        _ => "APPEND",
    };

    private Marker Parse(string text, string path)
    {
        int at = text.LastIndexOf(Infix, StringComparison.Ordinal);
        var type = at <= 0 ? null : text[(at + Infix.Length)..] switch
        {
            "CREATE" => MarkerType.Create,
            "MERGE" => MarkerType.Merge,
            "APPEND" => MarkerType.Append,
            _ => (MarkerType?)null,
        };
        return type is { } known
            ? new Marker(text[..at], known)
            : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"'{text}' is not a marker's name", store.Root, path, instant, "Roll the instant back with Hudi, or remove the file if it is none of Hudi's");
    }

    private async ValueTask CheckTypeAsync(string path, CancellationToken cancellationToken)
    {
        var type = Encoding.UTF8.GetString((await store.ReadAsync(path, cancellationToken)).Span).Trim();
        if (type is not (ServerType or "DIRECT"))
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"markers of type '{type}' are not supported", store.Root, path, instant, "Let the writer that made them finish or roll back");
        }
    }
}
