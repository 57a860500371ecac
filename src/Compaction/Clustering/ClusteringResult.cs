namespace OllaLab.Lakehouse;

/// <summary>What a clustering did, or in a dry run would do.</summary>
public sealed record ClusteringResult
{
    /// <summary>Its instant (requested time); null in a dry run.</summary>
    public string? Instant { get; init; }

    /// <summary>When it completed, in the form of an instant; null in a dry run, and in a version 6 table, whose commits do not name it.</summary>
    public string? CompletionTime { get; init; }

    /// <summary>Partitions in which file groups were rewritten.</summary>
    public int Partitions { get; init; }

    /// <summary>File groups that were rewritten.</summary>
    public int FileGroups { get; init; }

    /// <summary>Bytes of their base and log files.</summary>
    public long BytesRead { get; init; }

    /// <summary>Base files written, one a file group; in a dry run, as many as are to be made.</summary>
    public int FilesWritten { get; init; }

    /// <summary>Rows in them; 0 in a dry run.</summary>
    public long Rows { get; init; }

    /// <summary>Bytes of them; 0 in a dry run.</summary>
    public long BytesWritten { get; init; }
}
