namespace OllaLab.Lakehouse.Timelines;

internal enum InstantState
{
    Requested,
    Inflight,
    Completed,
}

/// <summary>One action on the timeline (spec: "Timeline"; HoodieInstant).</summary>
/// <param name="RequestedTime">When it was requested: 17 digits (14 in very old tables); its identity.</param>
/// <param name="Action">One of <see cref="Actions"/>, as in the file's name: a pending compaction is "compaction", the completed one "commit".</param>
/// <param name="State">Requested, inflight, completed.</param>
/// <param name="CompletionTime">
/// When it completed: from the name in layout 2; null while pending. In layout 1 it is the file's modification time, which costs a stat for each file and decides no query, so a
/// loaded timeline leaves it null unless it was asked for (<see cref="TimelineClient.LoadAsync"/>).
/// </param>
internal sealed record Instant(string RequestedTime, string Action, InstantState State, string? CompletionTime = null)
{
    /// <summary>A completed file in layout 2 whose name has no completion time: JSON content, completion time from the file's modification time. Always so in layout 1.</summary>
    public bool IsLegacy { get; init; }

    public bool IsCompleted => State == InstantState.Completed;

    public override string ToString() => $"{RequestedTime}.{Action}.{State}";
}
