namespace OllaLab.Lakehouse.Timelines;

/// <summary>Which partitions of the metadata table an indexing action builds (HoodieIndexPlan in its requested file, HoodieIndexCommitMetadata in its completed one).</summary>
internal sealed record IndexPlan(IReadOnlyList<IndexPartition> Partitions)
{
    private static readonly byte[] PlanHeader = AvroSchemas.Header("HoodieIndexPlan");
    private static readonly byte[] CommitHeader = AvroSchemas.Header("HoodieIndexCommitMetadata");

    /// <summary>Reads either file.</summary>
    public static IndexPlan Read(ReadOnlySpan<byte> file) =>
        new([.. AvroValue.Read(file).List("indexPartitionInfos").OfType<IReadOnlyDictionary<string, object?>>().Select(IndexPartition.From)]);

    /// <summary>The requested file.</summary>
    public byte[] Write() => Write(PlanHeader, isCommit: false);

    /// <summary>The completed file.</summary>
    public byte[] WriteCommit() => Write(CommitHeader, isCommit: true);

    private byte[] Write(byte[] header, bool isCommit)
    {
        var buffer = new AvroBuffer(128);
        buffer.Long(0); // version: [int, null]
        buffer.Long(1);
        if (isCommit)
        {
            buffer.Null(); // operationType
        }

        buffer.Long(1); // indexPartitionInfos: [null, array]
        buffer.Block(Partitions, static (b, partition) => partition.Write(b));
        return AvroFile.Write(header, buffer.Written);
    }
}

/// <summary>A partition of the metadata table that is to be built.</summary>
/// <param name="Name">As <c>hoodie.table.metadata.partitions</c> lists it.</param>
/// <param name="UpTo">The instant up to which the index is built from files: everything that completed without a gap. What completes later is added by its writer.</param>
internal sealed record IndexPartition(string Name, string UpTo)
{
    internal static IndexPartition From(IReadOnlyDictionary<string, object?> record) => new(
        record.Text("metadataPartitionPath") ?? throw new LakehouseException(LakehouseErrorKind.Corrupt, "the index plan names no partition"),
        record.Text("indexUptoInstant") ?? string.Empty);

    internal void Write(AvroBuffer buffer)
    {
        buffer.Long(0); // version: [int, null]
        buffer.Long(1);
        buffer.Optional(Name);
        buffer.Optional(UpTo);
        buffer.Long(1); // extraMetadata: [null, map], empty
        buffer.Long(0);
    }
}
