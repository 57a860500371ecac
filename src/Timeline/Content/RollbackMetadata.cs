namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a rollback did (HoodieRollbackMetadata).</summary>
/// <param name="StartRollbackTime">Requested time of the rollback.</param>
/// <param name="TimeTakenInMillis">Milliseconds.</param>
/// <param name="Instant">Requested time of the instant that was rolled back.</param>
/// <param name="Action">Its action.</param>
/// <param name="Partitions">What was done in each partition, by its path.</param>
internal sealed record RollbackMetadata(string StartRollbackTime, long TimeTakenInMillis, string Instant, string Action, IReadOnlyDictionary<string, RolledBackPartition> Partitions)
{
    private static readonly byte[] Header = AvroSchemas.Header("HoodieRollbackMetadata");

    public int TotalFilesDeleted => Partitions.Values.Sum(p => p.DeletedFiles.Count);

    /// <summary>Logs of a version 6 table that stay and are passed over from now on.</summary>
    public int LogsUndone => Partitions.Values.Sum(p => p.FailedLogs.Count);

    public static RollbackMetadata Read(ReadOnlySpan<byte> file) => From(AvroValue.Read(file));

    public byte[] Write()
    {
        var buffer = new AvroBuffer(512);
        Write(buffer);
        return AvroFile.Write(Header, buffer.Written);
    }

    internal static RollbackMetadata From(IReadOnlyDictionary<string, object?> record)
    {
        var target = record.List("instantsRollback").OfType<IReadOnlyDictionary<string, object?>>().FirstOrDefault();
        return new RollbackMetadata(
            record.Text("startRollbackTime") ?? string.Empty,
            record.Number("timeTakenInMillis"),
            target?.Text("commitTime") ?? record.Texts("commitsRollback").FirstOrDefault() ?? string.Empty,
            target?.Text("action") ?? Actions.Commit,
            record.Record("partitionMetadata").ToDictionary(
                p => p.Key,
                p => p.Value is IReadOnlyDictionary<string, object?> partition ? RolledBackPartition.From(partition) : new RolledBackPartition()));
    }

    internal void Write(AvroBuffer buffer)
    {
        buffer.String(StartRollbackTime);
        buffer.Long(TimeTakenInMillis);
        buffer.Long(TotalFilesDeleted);
        buffer.Block<string>([Instant], static (b, instant) => b.String(instant));
        buffer.Block(Partitions, static (b, partition) =>
        {
            b.String(partition.Key);
            b.String(partition.Key);
            partition.Value.Write(b);
        });
        buffer.Long(0); // version: [int, null]
        buffer.Long(1);
        buffer.Block<RollbackMetadata>([this], static (b, self) =>
        {
            b.String(self.Instant);
            b.String(self.Action);
        });
    }
}
