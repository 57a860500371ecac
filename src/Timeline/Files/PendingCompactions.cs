namespace OllaLab.Lakehouse.Timelines;

/// <summary>Which file groups a compaction that is planned but not completed will merge, and as of which instant.</summary>
internal sealed class PendingCompactions
{
    private readonly Dictionary<(string Partition, string FileId), string> instants = [];

    public static PendingCompactions None { get; } = new();

    public void Add(string instant, CompactionPlan plan)
    {
        foreach (var operation in plan.Operations)
        {
            instants[(operation.PartitionPath, operation.FileId)] = instant;
        }
    }

    /// <summary>The compaction's requested time, or null.</summary>
    public string? Of(string partitionPath, string fileId) => instants.GetValueOrDefault((partitionPath, fileId));
}
