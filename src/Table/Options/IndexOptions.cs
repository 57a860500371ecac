namespace OllaLab.Lakehouse;

/// <summary>What an index is made of.</summary>
public sealed class IndexOptions
{
    /// <summary>The column of a secondary index, a top-level one; null for other kinds.</summary>
    public string? Column { get; init; }

    /// <summary>The name of a secondary index; default: idx_ and the column. Others are named by their kind.</summary>
    public string? Name { get; init; }

    /// <summary>Hudi's own options by their names: how many file groups a record index gets (hoodie.metadata.record.index.min.filegroup.count and the like).</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
