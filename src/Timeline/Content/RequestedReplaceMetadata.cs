namespace OllaLab.Lakehouse.Timelines;

/// <summary>HoodieRequestedReplaceMetadata, in the requested file of a replace commit that plans nothing.</summary>
internal static class RequestedReplaceMetadata
{
    /// <summary>Of an overwriting write: all fields null.</summary>
    public static ReadOnlyMemory<byte> Empty { get; } = MakeEmpty();

    /// <summary>Of a deletion of partitions, as Hudi 1.2 writes it (DeletePartitionUtils).</summary>
    public static ReadOnlyMemory<byte> DeletePartition { get; } = MakeDeletePartition();

    private static byte[] MakeEmpty()
    {
        var record = new AvroBuffer(16);
        record.Null(); // operationType
        record.Null(); // clusteringPlan
        record.Null(); // extraMetadata
        record.Long(1); // version: [int, null]
        return AvroFile.Write(AvroSchemas.Header("HoodieRequestedReplaceMetadata"), record.Written);
    }

    private static byte[] MakeDeletePartition()
    {
        var record = new AvroBuffer(32);
        record.Optional(WriteOperations.DeletePartition);
        record.Null(); // clusteringPlan
        record.Long(1); // extraMetadata: an empty map
        record.Long(0);
        record.Long(0); // version: [int, null]
        record.Long(1);
        return AvroFile.Write(AvroSchemas.Header("HoodieRequestedReplaceMetadata"), record.Written);
    }
}
