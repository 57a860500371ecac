namespace OllaLab.Lakehouse.Timelines;

/// <summary>Layout 2, table versions 8 and 9: files lie in .hoodie/timeline, completed ones are T_C.action; completed files without C are legacy (see <see cref="Instant.IsLegacy"/>).</summary>
internal sealed class LayoutV2(string folder, TimeZoneInfo zone, string? history = null) : ITimelineLayout
{
    public int Version => 2;

    public string Folder => folder;

    public string ArchiveFolder => history ?? folder + "/history";

    public TimeZoneInfo Zone => zone;

    public bool OrdersByCompletion => true;

    public bool TryParse(string fileName, out Instant instant) => TimelineLayout.TryParse(fileName, allowCompletion: true, out instant);

    public string ComparableAction(string action) => action switch
    {
        Actions.Compaction => Actions.Commit,
        Actions.LogCompaction => Actions.DeltaCommit,
        Actions.Clustering => Actions.ReplaceCommit,
        _ => action,
    };

    public string FileName(Instant instant) => instant switch
    {
        _ when !Actions.IsKnown(instant.Action) => throw TimelineLayout.Unnameable(instant),
        { State: InstantState.Completed, Action: Actions.Clustering } => throw TimelineLayout.Unnameable(instant),
        { State: InstantState.Completed, IsLegacy: true } => instant.RequestedTime + "." + ComparableAction(instant.Action),
        { State: InstantState.Completed, CompletionTime: null } => throw TimelineLayout.Unnameable(instant),
        { State: InstantState.Completed } => instant.RequestedTime + "_" + instant.CompletionTime + "." + (instant.Action is Actions.Compaction or Actions.LogCompaction ? ComparableAction(instant.Action) : instant.Action),
        { Action: Actions.Commit, State: InstantState.Inflight } => instant.RequestedTime + ".inflight",
        { Action: Actions.Savepoint } => instant.RequestedTime + ".savepoint.inflight",
        _ => instant.RequestedTime + "." + instant.Action + TimelineLayout.StateSuffix(instant.State),
    };
}
