namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a rollback did in one partition (HoodieRollbackPartitionMetadata). All paths are full ones.</summary>
internal sealed record RolledBackPartition
{
    /// <summary>Files that are gone.</summary>
    public IReadOnlyList<string> DeletedFiles { get; init; } = [];

    /// <summary>Version 6 merge-on-read: the logs that were added, of a command block each, with their sizes.</summary>
    public IReadOnlyDictionary<string, long> CommandLogs { get; init; } = new Dictionary<string, long>();

    /// <summary>The logs that they undo, with their sizes.</summary>
    public IReadOnlyDictionary<string, long> FailedLogs { get; init; } = new Dictionary<string, long>();

    internal static RolledBackPartition From(IReadOnlyDictionary<string, object?> record) => new()
    {
        DeletedFiles = record.Texts("successDeleteFiles"),
        CommandLogs = Sizes(record, "rollbackLogFiles"),
        FailedLogs = Sizes(record, "logFilesFromFailedCommit"),
    };

    internal void Write(AvroBuffer buffer)
    {
        buffer.Block(DeletedFiles, static (b, file) => b.String(file));
        buffer.Long(0); // failedDeleteFiles: a delete that fails is an error
        Write(buffer, CommandLogs);
        Write(buffer, FailedLogs);
    }

    private static void Write(AvroBuffer buffer, IReadOnlyDictionary<string, long> sizes)
    {
        buffer.Long(1);
        buffer.Block(sizes, static (b, log) =>
        {
            b.String(log.Key);
            b.Long(log.Value);
        });
    }

    private static Dictionary<string, long> Sizes(IReadOnlyDictionary<string, object?> record, string name) => record.Record(name).ToDictionary(e => e.Key, e => e.Value as long? ?? 0);
}
