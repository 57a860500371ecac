namespace OllaLab.Lakehouse.Metadata;

/// <summary>Where one record key is stored (type 5, HoodieRecordIndexInfo). Every field but the position is always there.</summary>
/// <param name="PartitionPath">The data partition; "" in a non-partitioned table.</param>
/// <param name="FileIdHighBits">Java's most significant half of the file id's UUID, or -1.</param>
/// <param name="FileIdLowBits">The least significant half, or -1.</param>
/// <param name="FileIndex">n of a file id UUID-n; -1 without.</param>
/// <param name="FileId">"" where the id is a UUID (encoding 0), otherwise the id itself.</param>
/// <param name="InstantTime">Milliseconds since the epoch of the commit's instant, read in the table's timeline zone.</param>
/// <param name="Encoding">0: a UUID; 1: any text.</param>
/// <param name="Position">Not used by Hudi so far.</param>
internal sealed record RecordIndexPayload(
    string PartitionPath, long FileIdHighBits, long FileIdLowBits, int FileIndex, string FileId, long InstantTime, int Encoding = 0, long? Position = null)
    : MetadataPayload(MetadataRecordType.RecordIndex);
