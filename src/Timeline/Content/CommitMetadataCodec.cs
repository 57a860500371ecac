namespace OllaLab.Lakehouse.Timelines;

/// <summary>Commit metadata to and from files: JSON in layout 1, Avro in layout 2 (CommitMetadataSerDeV1, CommitMetadataSerDeV2).</summary>
internal static class CommitMetadataCodec
{
    private static readonly CommitMetadata Empty = new();

    /// <summary>
    /// Reads either form. Hudi chooses by layout and by whether the instant is legacy; both forms begin with what the other cannot, so the content itself tells.
    /// </summary>
    public static CommitMetadata Read(ReadOnlySpan<byte> content) =>
        content.IsEmpty ? Empty
        : AvroFile.IsAvro(content) ? CommitMetadataAvroReader.Read(content)
        : CommitMetadataJsonReader.Read(content);

    /// <summary>Writes the form of a layout: a replace commit's when <see cref="CommitMetadata.PartitionToReplaceFileIds"/> is set.</summary>
    public static ReadOnlyMemory<byte> Write(CommitMetadata metadata, int layoutVersion) =>
        layoutVersion == 1 ? CommitMetadataJsonWriter.Write(metadata) : CommitMetadataAvroWriter.Write(metadata);
}
