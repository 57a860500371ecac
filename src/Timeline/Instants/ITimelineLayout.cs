namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Where a timeline lies and how its files are named and encoded (TimelineLayout, InstantGeneratorV1/V2, InstantFileNameGeneratorV1/V2): version 1 for tables of version 6,
/// version 2 for tables of versions 8 and 9.
/// </summary>
internal interface ITimelineLayout
{
    /// <summary>hoodie.timeline.layout.version: 1 or 2.</summary>
    int Version { get; }

    /// <summary>The active timeline's folder, relative to the table's root.</summary>
    string Folder { get; }

    /// <summary>The folder of what was archived, relative to the table's root: the archive in layout 1, the history in layout 2.</summary>
    string ArchiveFolder { get; }

    /// <summary>The zone of every time on this timeline (hoodie.table.timeline.timezone).</summary>
    TimeZoneInfo Zone { get; }

    /// <summary>
    /// Whether queries and rules that speak of "when it was done" go by completion time (layout 2) or by requested time (layout 1, whose names hold nothing else).
    /// </summary>
    bool OrdersByCompletion { get; }

    /// <summary>Reads a file's name; false where it is none of a timeline's. The completion time of a legacy file is left null: it is the file's modification time.</summary>
    bool TryParse(string fileName, out Instant instant);

    /// <summary>The file's name of an instant in its state; an action that the layout cannot name is refused.</summary>
    string FileName(Instant instant);

    /// <summary>The action under which requested, inflight and completed files of one instant are one: a compaction completes as a commit.</summary>
    string ComparableAction(string action);
}
