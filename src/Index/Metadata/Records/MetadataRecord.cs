namespace OllaLab.Lakehouse.Metadata;

/// <summary>A record of a partition of the metadata table.</summary>
/// <param name="Key">Unique in the partition.</param>
/// <param name="Payload">Null: the key is deleted.</param>
internal readonly record struct MetadataRecord(string Key, MetadataPayload? Payload);
