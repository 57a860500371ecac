namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a rollback is going to do (HoodieRollbackPlan), in its requested file, so that one that was interrupted can be done again.</summary>
/// <param name="Instant">Requested time of the instant to be rolled back.</param>
/// <param name="Action">Its action.</param>
/// <param name="Requests">What to delete; empty when the instant was only requested.</param>
internal sealed record RollbackPlan(string Instant, string Action, IReadOnlyList<RollbackRequest> Requests)
{
    private static readonly byte[] Header = AvroSchemas.Header("HoodieRollbackPlan");

    public static RollbackPlan Read(ReadOnlySpan<byte> file)
    {
        var record = AvroValue.Read(file);
        var target = record.Record("instantToRollback");
        if (target.Text("commitTime") is not { Length: > 0 } instant || target.Text("action") is not { Length: > 0 } action)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "the rollback plan names no instant");
        }

        return new RollbackPlan(NamedPaths.Time(instant), action, record.List("RollbackRequests").OfType<IReadOnlyDictionary<string, object?>>().Select(RollbackRequest.From).ToList());
    }

    public byte[] Write()
    {
        var buffer = new AvroBuffer(512);
        buffer.Long(1);
        buffer.String(Instant);
        buffer.String(Action);
        buffer.Long(1);
        buffer.Block(Requests, static (b, request) => request.Write(b));
        buffer.Long(0); // version: [int, null]
        buffer.Long(1);
        return AvroFile.Write(Header, buffer.Written);
    }
}

/// <summary>What to undo in one partition, or of logs in one file slice (HoodieRollbackRequest).</summary>
/// <param name="PartitionPath">The partition.</param>
/// <param name="FilesToBeDeleted">Full paths, as Java wants them; of a table that was moved only the names still hold.</param>
/// <param name="LogBlocksToBeDeleted">Version 6 merge-on-read: logs with their sizes, whose blocks of the instant are to be undone by a command block in one more log of the slice.</param>
/// <param name="FileId">The slice's file group; "" where there are no log blocks.</param>
/// <param name="LatestBaseInstant">The instant in its logs' names; "" where there are no log blocks.</param>
internal sealed record RollbackRequest(
    string PartitionPath, IReadOnlyList<string> FilesToBeDeleted, IReadOnlyDictionary<string, long> LogBlocksToBeDeleted, string FileId = "", string LatestBaseInstant = "")
{
    internal static RollbackRequest From(IReadOnlyDictionary<string, object?> record) => new(
        NamedPaths.Partition(record.Text("partitionPath")),
        record.Texts("filesToBeDeleted"),
        record.Record("logBlocksToBeDeleted").ToDictionary(e => e.Key, e => e.Value as long? ?? 0),
        record.Text("fileId") ?? string.Empty,
        record.Text("latestBaseInstant") ?? string.Empty);

    internal void Write(AvroBuffer buffer)
    {
        buffer.String(PartitionPath);
        buffer.Optional(FileId);
        buffer.Optional(LatestBaseInstant);
        buffer.Block(FilesToBeDeleted, static (b, file) => b.String(file));
        buffer.Long(1);
        buffer.Block(LogBlocksToBeDeleted, static (b, log) =>
        {
            b.String(log.Key);
            b.Long(log.Value);
        });
    }
}
