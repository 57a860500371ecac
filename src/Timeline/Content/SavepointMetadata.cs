namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a savepoint protects (HoodieSavepointMetadata): the files of the latest slices as of its commit.</summary>
/// <param name="SavepointedBy">Who made it; may be empty.</param>
/// <param name="SavepointedAt">When, in milliseconds since 1970.</param>
/// <param name="Comments">Why; may be empty.</param>
/// <param name="Files">File names by partition path: base files, and logs after the base file that they are on.</param>
internal sealed record SavepointMetadata(string SavepointedBy, long SavepointedAt, string Comments, IReadOnlyDictionary<string, IReadOnlyList<string>> Files)
{
    private static readonly byte[] Header = AvroSchemas.Header("HoodieSavepointMetadata");

    public static SavepointMetadata Read(ReadOnlySpan<byte> file)
    {
        var record = AvroValue.Read(file);
        return new SavepointMetadata(
            record.Text("savepointedBy") ?? string.Empty,
            record.Number("savepointedAt"),
            record.Text("comments") ?? string.Empty,
            record.Record("partitionMetadata").ToDictionary(
                p => NamedPaths.Partition(p.Key),
                p => p.Value is IReadOnlyDictionary<string, object?> partition
                    ? partition.Texts("savepointDataFile")
                    : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"the savepoint's partition '{p.Key}' is no record")));
    }

    public byte[] Write()
    {
        var buffer = new AvroBuffer(512);
        buffer.String(SavepointedBy);
        buffer.Long(SavepointedAt);
        buffer.String(Comments);
        buffer.Block(Files, static (b, partition) =>
        {
            b.String(partition.Key);
            b.String(partition.Key);
            b.Block(partition.Value, static (names, name) => names.String(name));
        });
        buffer.Long(0); // version: [int, null]
        buffer.Long(1);
        return AvroFile.Write(Header, buffer.Written);
    }
}
