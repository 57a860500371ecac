namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a restore did (HoodieRestoreMetadata): the rollbacks that it consists of, which have no instants of their own.</summary>
/// <param name="StartRestoreTime">Requested time of the restore.</param>
/// <param name="TimeTakenInMillis">Milliseconds.</param>
/// <param name="Rollbacks">In the order in which they were done.</param>
internal sealed record RestoreMetadata(string StartRestoreTime, long TimeTakenInMillis, IReadOnlyList<RollbackMetadata> Rollbacks)
{
    private static readonly byte[] Header = AvroSchemas.Header("HoodieRestoreMetadata");

    public static RestoreMetadata Read(ReadOnlySpan<byte> file)
    {
        var record = AvroValue.Read(file);
        var rollbacks = record.Record("hoodieRestoreMetadata").ToDictionary(
            e => e.Key, e => (e.Value as IReadOnlyList<object?> ?? []).OfType<IReadOnlyDictionary<string, object?>>().Select(RollbackMetadata.From).ToList());
        return new RestoreMetadata(
            record.Text("startRestoreTime") ?? string.Empty,
            record.Number("timeTakenInMillis"),
            [.. record.Texts("instantsToRollback").SelectMany(i => rollbacks.GetValueOrDefault(i, []))]);
    }

    public byte[] Write()
    {
        var buffer = new AvroBuffer(1024);
        buffer.String(StartRestoreTime);
        buffer.Long(TimeTakenInMillis);
        buffer.Block(Rollbacks, static (b, rollback) => b.String(rollback.Instant));
        buffer.Block(Rollbacks, static (b, rollback) =>
        {
            b.String(rollback.Instant);
            b.Block<RollbackMetadata>([rollback], static (items, item) =>
            {
                items.Long(1); // [null, HoodieRollbackMetadata]
                item.Write(items);
            });
        });
        buffer.Long(0); // version: [int, null]
        buffer.Long(1);
        buffer.Block(Rollbacks, static (b, rollback) => new InstantInfo(rollback.Instant, rollback.Action).Write(b));
        return AvroFile.Write(Header, buffer.Written);
    }
}
