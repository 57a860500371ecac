namespace OllaLab.Lakehouse.Metadata;

/// <summary>What a record of the metadata table is; the numbers are those stored in it (MetadataPartitionType.recordType).</summary>
internal enum MetadataRecordType
{
    PartitionList = 1,
    Files = 2,
    ColumnStats = 3,
    BloomFilter = 4,
    RecordIndex = 5,
    PartitionStats = 6,
    SecondaryIndex = 7,
}
