namespace OllaLab.Lakehouse;

/// <summary>How a table stands (<see cref="LakehouseTable.GetStatisticsAsync"/>). Sizes are bytes.</summary>
public sealed class TableStatistics
{
    /// <summary>Partitions with files.</summary>
    public int Partitions { get; init; }

    /// <summary>File groups that readers see.</summary>
    public int FileGroups { get; init; }

    /// <summary>Base files that readers see.</summary>
    public int BaseFiles { get; init; }

    /// <summary>Their bytes.</summary>
    public long BaseBytes { get; init; }

    /// <summary>Log files that readers merge.</summary>
    public int LogFiles { get; init; }

    /// <summary>Their bytes.</summary>
    public long LogBytes { get; init; }

    /// <summary>Base files below the limit to which inserts fill them up (<see cref="WriteOptions.SmallFileLimit"/>).</summary>
    public int SmallFiles { get; init; }

    /// <summary>Committed data files of earlier versions, which cleaning removes.</summary>
    public int OldFiles { get; init; }

    /// <summary>Their bytes.</summary>
    public long OldBytes { get; init; }

    /// <summary>Commits on the active timeline.</summary>
    public int Commits { get; init; }

    /// <summary>Rows that these inserted, updated or deleted; compactions and clusterings change none.</summary>
    public long RowsChanged { get; init; }

    /// <summary>Rows that these wrote.</summary>
    public long RowsWritten { get; init; }

    /// <summary>Rows written for each row changed; null where none was.</summary>
    public double? WriteAmplification => RowsChanged == 0 ? null : (double)RowsWritten / RowsChanged;

    /// <summary>Instants that are planned or under way, by action.</summary>
    public IReadOnlyDictionary<string, int> Pending { get; init; } = new Dictionary<string, int>();

    /// <summary>Savepoints.</summary>
    public int Savepoints { get; init; }
}
