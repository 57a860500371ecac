namespace OllaLab.Lakehouse.Metadata;

/// <summary>A record of a partition of the metadata table.</summary>
/// <param name="Key">Unique in the partition; in a partitioned record index, in the data partition.</param>
/// <param name="Payload">Null: the key is deleted.</param>
/// <param name="DataPartition">In a partitioned record index the data partition whose file groups the record belongs to; else null.</param>
internal readonly record struct MetadataRecord(string Key, MetadataPayload? Payload, string? DataPartition = null);
