namespace OllaLab.Lakehouse;

/// <summary>How partitions are deleted.</summary>
public sealed record DeletePartitionsOptions
{
    /// <summary>Whether it is only said what would be deleted; default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>The caller's own entries for the commit's metadata; the key "schema" is the engine's.</summary>
    public IReadOnlyDictionary<string, string> ExtraMetadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Which services run once the partitions are deleted, as after a write; null: as the table handle's own options say.</summary>
    public WriteOptions? Services { get; init; }

    /// <summary>
    /// Whether a table's metadata table is dropped first (as Hudi does when hoodie.metadata.enable is false); default false: it is kept right, and that of a version 6 table refused where it
    /// cannot be.
    /// </summary>
    public bool DropMetadataTable { get; init; }
}
