namespace OllaLab.Lakehouse.Timelines;

/// <summary>What completed savepoints keep of a table: their commits stay on the timeline, and the files that those commits show are not to be cleaned.</summary>
internal sealed class Savepoints
{
    private readonly Dictionary<string, SavepointMetadata> byInstant = new(StringComparer.Ordinal);
    private readonly HashSet<(string Partition, string Name)> files = [];

    public static Savepoints None { get; } = new();

    /// <summary>Requested times of the savepointed commits, with what the savepoints hold.</summary>
    public IReadOnlyDictionary<string, SavepointMetadata> ByInstant => byInstant;

    /// <summary>Whether a savepoint names a file.</summary>
    public bool Keep(string partitionPath, string fileName) => files.Contains((partitionPath, fileName));

    /// <summary>Whether a savepoint names a file of the slice, which must stay as a whole then (CleanPlanner.isFileSliceExistInSavepointedFiles).</summary>
    public bool Keep(FileSlice slice) =>
        files.Count > 0 && ((slice.Base is { } file && Keep(slice.PartitionPath, file.FileName)) || slice.Logs.Any(l => Keep(slice.PartitionPath, l.FileName)));

    internal void Add(string instant, SavepointMetadata metadata)
    {
        byInstant[instant] = metadata;
        foreach (var (partition, names) in metadata.Files)
        {
            foreach (var name in names)
            {
                files.Add((partition, name));
            }
        }
    }
}
