namespace OllaLab.Lakehouse.Timelines;

/// <summary>HoodieRequestedReplaceMetadata, in the requested file of a replace commit. Overwriting and deleting partitions plan nothing: all fields null.</summary>
internal static class RequestedReplaceMetadata
{
    public static ReadOnlyMemory<byte> Empty { get; } = MakeEmpty();

    private static byte[] MakeEmpty()
    {
        var record = new AvroBuffer(16);
        record.Null(); // operationType
        record.Null(); // clusteringPlan
        record.Null(); // extraMetadata
        record.Long(1); // version: [int, null]
        return AvroFile.Write(AvroSchemas.Header("HoodieRequestedReplaceMetadata"), record.Written);
    }
}
