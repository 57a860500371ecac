namespace OllaLab.Lakehouse.Timelines;

/// <summary>The content of a commit, delta commit or replace commit (HoodieCommitMetadata, HoodieReplaceCommitMetadata).</summary>
internal sealed record CommitMetadata
{
    /// <summary>The entry of <see cref="ExtraMetadata"/> that holds the table's Avro schema.</summary>
    public const string SchemaKey = "schema";

    /// <summary>Write stats by partition path.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<WriteStat>> PartitionToWriteStats { get; init; } = new Dictionary<string, IReadOnlyList<WriteStat>>();

    /// <summary>Key "schema" holds the table's Avro schema; the caller's own entries stand beside it.</summary>
    public IReadOnlyDictionary<string, string> ExtraMetadata { get; init; } = new Dictionary<string, string>();

    /// <summary>One of <see cref="WriteOperations"/>, upper case, or null.</summary>
    public string? OperationType { get; init; }
    public bool Compacted { get; init; }

    /// <summary>File groups that a replace commit replaced, by partition path; null for other actions.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>>? PartitionToReplaceFileIds { get; init; }
}
