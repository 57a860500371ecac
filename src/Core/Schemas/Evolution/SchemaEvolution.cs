using System.Collections.Concurrent;
using System.Globalization;

namespace OllaLab.Lakehouse.Schemas.Evolution;

/// <summary>
/// The schema-on-read evolution of a table as one query sees it (<c>hoodie.schema.on.read.enable</c>): the version of its columns that is wanted, and which version each file was written with.
/// </summary>
internal sealed class SchemaEvolution
{
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string?>?> _names = new(StringComparer.Ordinal);
    private readonly IReadOnlyDictionary<string, InternalSchema?> _commits;
    private readonly IReadOnlyList<InternalSchema>? _history;

    /// <param name="current">The version wanted.</param>
    /// <param name="commits">Of the commits on the active timeline their own version; null: they name none.</param>
    /// <param name="history">All versions there were, in any order; null: no history is left.</param>
    public SchemaEvolution(InternalSchema current, IReadOnlyDictionary<string, InternalSchema?> commits, IReadOnlyList<InternalSchema>? history)
    {
        Current = current;
        _commits = commits;
        _history = history;
    }

    /// <summary>The version wanted.</summary>
    public InternalSchema Current { get; }

    /// <summary>The history file's text, to be carried on by commits; null: there is none.</summary>
    public string? History { get; init; }

    /// <summary>What the table's columns are as long as the commit is under way that makes <see cref="Current"/> of them; null: that commit is done, or the table's columns had no numbers before.</summary>
    public InternalSchema? Before { get; private init; }

    /// <summary>Whether <see cref="Current"/> is made by the commit under way: its instant becomes the version's number.</summary>
    public bool IsNew { get; private init; }

    /// <summary>The evolution of a table to new columns.</summary>
    /// <param name="known">That of the table as it is; null: its columns have no numbers yet.</param>
    /// <param name="before">The columns as they are.</param>
    /// <param name="after">The new ones.</param>
    public static SchemaEvolution Changed(SchemaEvolution? known, InternalSchema before, InternalSchema after) => new(after, known?._commits ?? new Dictionary<string, InternalSchema?>(), known?._history ?? [before])
    {
        History = known?.History ?? InternalSchemaJson.Inherit(before, null),
        Before = known is null ? null : before,
        IsNew = true,
    };

    /// <summary>The names of columns in the files and log blocks of an instant, where they are not the wanted ones: see <see cref="ColumnNames.Sources"/>. Null: by name.</summary>
    /// <param name="instant">Requested time of the write.</param>
    /// <exception cref="LakehouseException">Corrupt: nothing tells the columns of that time.</exception>
    public IReadOnlyDictionary<string, string?>? NamesAt(string instant) =>
        _names.GetOrAdd(instant, i => VersionAt(i) is not { } file || file.HasColumnsOf(Current) ? null : ColumnNames.Of(file, Current).Sources);

    /// <summary>Whether files and log blocks of an instant have the wanted columns, names and types.</summary>
    public bool IsCurrentAt(string instant) => VersionAt(instant)?.HasColumnsOf(Current) == true;

    /// <summary>Whether that holds for all instants from this one on.</summary>
    public bool IsCurrentSince(string instant) => Number(instant) >= Current.VersionId && IsCurrentAt(instant);

    /// <summary>The commit's own version, else the history's, else none: such files are read by name (InternalSchemaCache.searchSchemaAndCache).</summary>
    private InternalSchema? VersionAt(string instant)
    {
        bool isActive = _commits.TryGetValue(instant, out var own);
        if (own is not null)
        {
            return own;
        }

        if (_history is null && !isActive)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Corrupt,
                "The table's columns were changed by schema-on-read evolution, but no file in .hoodie/.schema of a commit on the timeline tells what they were",
                instant: instant,
                remedy: "Restore the folder .hoodie/.schema");
        }

        return InternalSchema.Find(_history ?? [], Number(instant));
    }

    private static long Number(string instant) => long.TryParse(instant, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        ? number
        : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The instant '{instant}' is not a number, so that nothing tells which columns its files have", instant: instant, remedy: "Restore the file");
}
