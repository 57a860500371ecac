namespace OllaLab.Lakehouse;

/// <summary>Kinds of problems of a table.</summary>
public enum TableProblemKind
{
    /// <summary>The table's properties: an update that died, or no checksum.</summary>
    Properties,

    /// <summary>A write that was left unfinished.</summary>
    UnfinishedWrite,

    /// <summary>A file of the timeline that is not the table's: of an action that is not known, or of the other layout.</summary>
    StrayTimelineFile,

    /// <summary>A file that readers need is not there.</summary>
    MissingFile,

    /// <summary>A file has another length than its commit says.</summary>
    WrongLength,

    /// <summary>A file cannot be read: its footer, or a block of a log.</summary>
    DamagedFile,

    /// <summary>A base file has another number of rows than its commit says.</summary>
    WrongRowCount,

    /// <summary>A data file of no instant: of a write that is gone.</summary>
    DanglingFile,

    /// <summary>Markers of a write that is not under way.</summary>
    DanglingMarkers,

    /// <summary>The metadata table says something else of files than the storage.</summary>
    MetadataTable,

    /// <summary>Two rows of one key in a partition.</summary>
    DuplicateKey,
}
