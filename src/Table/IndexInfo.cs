namespace OllaLab.Lakehouse;

/// <summary>An index of a table's metadata table.</summary>
public sealed class IndexInfo
{
    /// <summary>Its partition of the metadata table: record_index, secondary_index_NAME, ...</summary>
    public required string Name { get; init; }

    /// <summary>Such as record_index, secondary_index, column_stats, expr_index.</summary>
    public required string Type { get; init; }

    /// <summary>The columns that it is of; empty where it is of record keys, or where the table does not say.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>Of its form: 1 or 2; null where the table does not say.</summary>
    public int? Version { get; init; }

    /// <summary>ready; inflight: being built, or left so; planned: to be built; defined: not there.</summary>
    public required string State { get; init; }

    /// <summary>The indexing that builds it; null where it is ready.</summary>
    public string? Instant { get; init; }

    /// <summary>File groups of the metadata table's partition.</summary>
    public int FileGroups { get; init; }

    /// <summary>Its files.</summary>
    public int Files { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }
}
