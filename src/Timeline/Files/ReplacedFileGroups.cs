namespace OllaLab.Lakehouse.Timelines;

/// <summary>File groups that completed replace commits replaced, with the instant that did (AbstractTableFileSystemView.resetReplacedFileGroups).</summary>
internal sealed class ReplacedFileGroups
{
    private readonly Dictionary<(string Partition, string FileId), string> instants = [];

    public int Count => instants.Count;

    /// <summary>Requested time of the replace commit, the greatest where there are several; null when the group was not replaced.</summary>
    public string? InstantOf(string partitionPath, string fileId) => instants.GetValueOrDefault((partitionPath, fileId));

    /// <summary>Whether the group is hidden from a reader as of a time (null: the latest): replaced at or before it, by requested time.</summary>
    public bool IsReplaced(string partitionPath, string fileId, string? asOf) =>
        instants.TryGetValue((partitionPath, fileId), out var instant) && (asOf is null || string.CompareOrdinal(instant, asOf) <= 0);

    internal void Add(string instant, CommitMetadata metadata)
    {
        foreach (var (partition, fileIds) in metadata.PartitionToReplaceFileIds ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            foreach (var fileId in fileIds)
            {
                if (!instants.TryGetValue((partition, fileId), out var there) || string.CompareOrdinal(there, instant) < 0)
                {
                    instants[(partition, fileId)] = instant;
                }
            }
        }
    }
}
