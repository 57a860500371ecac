namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a clean did (HoodieCleanMetadata, version 2).</summary>
/// <param name="StartCleanTime">Requested time of the clean.</param>
/// <param name="TimeTakenInMillis">Milliseconds.</param>
/// <param name="EarliestCommitToRetain">The oldest write whose files all stayed; "" where the policy counts versions.</param>
/// <param name="LastCompletedCommit">Requested time of the latest write when the clean was planned.</param>
/// <param name="Partitions">What was done in each partition, by its path; none where there was nothing to delete.</param>
/// <param name="ExtraMetadata">That of the plan.</param>
internal sealed record CleanMetadata(
    string StartCleanTime,
    long TimeTakenInMillis,
    string EarliestCommitToRetain,
    string LastCompletedCommit,
    IReadOnlyDictionary<string, CleanedPartition> Partitions,
    IReadOnlyDictionary<string, string> ExtraMetadata)
{
    private const int Version = 2;

    private static readonly byte[] Header = AvroSchemas.Header("HoodieCleanMetadata");

    public int TotalFilesDeleted => Partitions.Values.Sum(p => p.DeletedFiles.Count);

    public static CleanMetadata Read(ReadOnlySpan<byte> file) => From(AvroValue.Read(file));

    public byte[] Write()
    {
        var buffer = new AvroBuffer(1024);
        buffer.String(StartCleanTime);
        buffer.Long(TimeTakenInMillis);
        buffer.Long(TotalFilesDeleted);
        buffer.String(EarliestCommitToRetain);
        buffer.String(LastCompletedCommit);
        buffer.Block(Partitions, static (b, partition) =>
        {
            b.String(partition.Key);
            b.String(partition.Key);
            partition.Value.Write(b);
        });
        buffer.Long(0); // version: [int, null]
        buffer.Long(Version);
        buffer.Long(1); // bootstrapPartitionMetadata: an empty map
        buffer.Long(0);
        WriteExtra(buffer, ExtraMetadata);
        return AvroFile.Write(Header, buffer.Written);
    }

    /// <summary>From a decoded record, as the archive of version 6 tables holds it.</summary>
    internal static CleanMetadata From(IReadOnlyDictionary<string, object?> record) => new(
        record.Text("startCleanTime") ?? string.Empty,
        record.Number("timeTakenInMillis"),
        record.Text("earliestCommitToRetain") ?? string.Empty,
        record.Text("lastCompletedCommitTimestamp") ?? string.Empty,
        record.Record("partitionMetadata").ToDictionary(
            p => p.Key,
            p => p.Value is IReadOnlyDictionary<string, object?> partition ? CleanedPartition.From(partition) : new CleanedPartition(CleanPolicies.Commits, [])),
        record.Record("extraMetadata").ToDictionary(e => e.Key, e => e.Value as string ?? string.Empty));

    internal static void WriteExtra(AvroBuffer buffer, IReadOnlyDictionary<string, string> extra)
    {
        buffer.Long(1);
        buffer.Block(extra, static (b, entry) =>
        {
            b.String(entry.Key);
            b.String(entry.Value);
        });
    }
}

/// <summary>What a clean did in one partition (HoodieCleanPartitionMetadata).</summary>
/// <param name="Policy">One of <see cref="CleanPolicies"/>.</param>
/// <param name="DeletedFiles">Bare names of the files that are gone, whether this run deleted them or an earlier one that died.</param>
/// <param name="IsPartitionDeleted">Whether the partition's folder went too.</param>
internal sealed record CleanedPartition(string Policy, IReadOnlyList<string> DeletedFiles, bool IsPartitionDeleted = false)
{
    internal static CleanedPartition From(IReadOnlyDictionary<string, object?> record) => new(
        record.Text("policy") ?? CleanPolicies.Commits, record.Texts("deletePathPatterns"), record.GetValueOrDefault("isPartitionDeleted") is true);

    internal void Write(AvroBuffer buffer)
    {
        buffer.String(Policy);
        buffer.Block(DeletedFiles, static (b, file) => b.String(file)); // deletePathPatterns
        buffer.Block(DeletedFiles, static (b, file) => b.String(file)); // successDeleteFiles
        buffer.Long(0); // failedDeleteFiles: a delete that fails is an error
        buffer.Long(1);
        buffer.Boolean(IsPartitionDeleted);
    }
}
