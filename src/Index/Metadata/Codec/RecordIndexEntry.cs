namespace OllaLab.Lakehouse.Metadata;

/// <summary>An entry of the record index as it lies in a file: <see cref="RecordIndexPayload"/> without objects, for look-ups of many keys.</summary>
internal ref struct RecordIndexEntry
{
    public ReadOnlySpan<byte> PartitionPath { get; set; }

    public long HighBits { get; set; }

    public long LowBits { get; set; }

    public int FileIndex { get; set; }

    public ReadOnlySpan<byte> FileId { get; set; }

    public long InstantTime { get; set; }

    public int Encoding { get; set; }
}
