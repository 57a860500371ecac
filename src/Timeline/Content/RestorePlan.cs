namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a restore is going to roll back (HoodieRestorePlan), in its requested file, so that one that was interrupted can be gone on with.</summary>
/// <param name="Target">Requested time of the instant that the table is restored to; null in a plan of an older Hudi, which cannot be gone on with.</param>
/// <param name="Instants">In the order in which they are rolled back.</param>
internal sealed record RestorePlan(string? Target, IReadOnlyList<InstantInfo> Instants)
{
    private static readonly byte[] Header = AvroSchemas.Header("HoodieRestorePlan");

    public static RestorePlan Read(ReadOnlySpan<byte> file)
    {
        var record = AvroValue.Read(file);
        return new RestorePlan(record.Text("savepointToRestoreTimestamp"), InstantInfo.ListFrom(record, "instantsToRollback"));
    }

    public byte[] Write()
    {
        var buffer = new AvroBuffer(512);
        buffer.Block(Instants, static (b, instant) => instant.Write(b));
        buffer.Long(0); // version: [int, null]
        buffer.Long(2);
        buffer.Optional(Target);
        return AvroFile.Write(Header, buffer.Written);
    }
}

/// <summary>An instant as plans name it (HoodieInstantInfo).</summary>
/// <param name="Instant">Requested time.</param>
/// <param name="Action">As in the name of the file that it had when it was planned.</param>
internal sealed record InstantInfo(string Instant, string Action)
{
    internal static IReadOnlyList<InstantInfo> ListFrom(IReadOnlyDictionary<string, object?> record, string field) =>
        [.. record.List(field).OfType<IReadOnlyDictionary<string, object?>>().Select(From)];

    internal void Write(AvroBuffer buffer)
    {
        buffer.String(Instant);
        buffer.String(Action);
    }

    private static InstantInfo From(IReadOnlyDictionary<string, object?> record) => record.Text("commitTime") is { Length: > 0 } instant && record.Text("action") is { Length: > 0 } action
        ? new InstantInfo(NamedPaths.Time(instant), action)
        : throw new LakehouseException(LakehouseErrorKind.Corrupt, "a plan names an instant without time or action");
}
