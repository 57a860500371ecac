namespace OllaLab.Lakehouse.Metadata;

/// <summary>What one record of the metadata table says (HoodieMetadataRecord; HoodieMetadataPayload). Null in its place stands for a key that a delete block has taken.</summary>
internal abstract record MetadataPayload(MetadataRecordType Type);

/// <summary>A file of a partition; in the list of partitions, a partition, whose size is 0.</summary>
/// <param name="Size">Bytes; 0 where deleted.</param>
/// <param name="IsDeleted">Whether it is gone.</param>
internal readonly record struct MetadataFileInfo(long Size, bool IsDeleted);

/// <summary>The list of partitions (type 1), or files of one partition by their names (type 2).</summary>
internal sealed record FilesPayload(MetadataRecordType Type, IReadOnlyDictionary<string, MetadataFileInfo> Files) : MetadataPayload(Type);

/// <summary>The bloom filter of one base file (type 4).</summary>
/// <param name="FilterType">SIMPLE or DYNAMIC_V0.</param>
/// <param name="Timestamp">The instant that wrote the file.</param>
/// <param name="Filter">The text of the Parquet footer's org.apache.hudi.bloomfilter, as bytes.</param>
/// <param name="IsDeleted">Whether the file is gone.</param>
internal sealed record BloomFilterPayload(string FilterType, string Timestamp, ReadOnlyMemory<byte> Filter, bool IsDeleted) : MetadataPayload(MetadataRecordType.BloomFilter);

/// <summary>An entry of a secondary index (type 7): its key says it all.</summary>
internal sealed record SecondaryIndexPayload(bool IsDeleted) : MetadataPayload(MetadataRecordType.SecondaryIndex);
