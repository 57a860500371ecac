namespace OllaLab.Lakehouse.Timelines;

/// <summary>Layout 1, table version 6: files lie in .hoodie itself, completed ones are T.action, completion times are modification times.</summary>
internal sealed class LayoutV1(TimeZoneInfo zone, string archive = ".hoodie/archived") : ITimelineLayout
{
    public int Version => 1;

    public string Folder => ".hoodie";

    public string ArchiveFolder => archive;

    public TimeZoneInfo Zone => zone;

    public bool OrdersByCompletion => false;

    public bool TryParse(string fileName, out Instant instant) => TimelineLayout.TryParse(fileName, allowCompletion: false, out instant);

    public string ComparableAction(string action) => action switch
    {
        Actions.Compaction => Actions.Commit,
        Actions.LogCompaction => Actions.DeltaCommit,
        _ => action,
    };

    public string FileName(Instant instant) => instant switch
    {
        { Action: Actions.Clustering } => throw TimelineLayout.Unnameable(instant),
        _ when !Actions.IsKnown(instant.Action) => throw TimelineLayout.Unnameable(instant),
        { State: InstantState.Completed } => instant.RequestedTime + "." + ComparableAction(instant.Action),
        { Action: Actions.Commit, State: InstantState.Inflight } => instant.RequestedTime + ".inflight",

        // A savepoint has no requested file; Hudi names its requested state as the completed one here, and as the inflight one in layout 2.
        { Action: Actions.Savepoint, State: InstantState.Requested } => instant.RequestedTime + ".savepoint",
        _ => instant.RequestedTime + "." + instant.Action + TimelineLayout.StateSuffix(instant.State),
    };
}
