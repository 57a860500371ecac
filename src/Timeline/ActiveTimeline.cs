namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// The instants of a timeline at the moment it was loaded, each in its highest state, by requested time (HoodieActiveTimeline). Immutable; load again to see what others did.
/// </summary>
internal sealed class ActiveTimeline
{
    private readonly Dictionary<string, Instant> completedWrites;
    private readonly string? start;

    /// <param name="layout">The table's layout.</param>
    /// <param name="instants">In requested order, one for each (requested time, comparable action).</param>
    /// <param name="unknownFiles">Names that look like a timeline's but have an action that is not known.</param>
    public ActiveTimeline(ITimelineLayout layout, IReadOnlyList<Instant> instants, IReadOnlyList<string>? unknownFiles = null)
    {
        completedWrites = new(instants.Count);
        Layout = layout;
        Instants = instants;
        UnknownFiles = unknownFiles ?? [];
        HashSet<string>? savepoints = null;
        foreach (var instant in instants)
        {
            if (instant.IsCompleted && Actions.IsWrite(instant.Action))
            {
                completedWrites[instant.RequestedTime] = instant;
            }
            else if (instant.Action == Actions.Savepoint)
            {
                (savepoints ??= []).Add(instant.RequestedTime);
            }
        }

        // A savepoint may hold one old commit on the timeline while its neighbours are archived, so a savepointed instant is not where the timeline starts
        // (BaseHoodieTimeline.getFirstNonSavepointCommit). Neither is a clean or a rollback, as long as there are writes: version 6 archives those by a count of their own, later than commits.
        start = First(i => Actions.IsWrite(i.Action) || Actions.IsService(i.Action)) ?? First(_ => true);

        string? First(Func<Instant, bool> counts)
        {
            foreach (var instant in instants)
            {
                if (counts(instant) && (savepoints is null || !savepoints.Contains(instant.RequestedTime)))
                {
                    return instant.RequestedTime;
                }
            }

            return null;
        }
    }

    public ITimelineLayout Layout { get; }

    /// <summary>All instants, by requested time, then comparable action.</summary>
    public IReadOnlyList<Instant> Instants { get; }

    /// <summary>Files whose names look like a timeline's but have an unknown action: Hudi ignores them, a writer of ours refuses them.</summary>
    public IReadOnlyList<string> UnknownFiles { get; }

    /// <summary>The first write or service that writes and is not savepointed: what is older was archived. Null on an empty timeline.</summary>
    public string? FirstInstant => start;

    /// <summary>The latest requested or completion time on the timeline; null on an empty one. A new instant must be greater.</summary>
    public string? LatestTime
    {
        get
        {
            string? latest = null;
            foreach (var instant in Instants)
            {
                latest = Max(Max(latest, instant.RequestedTime), instant.CompletionTime);
            }

            return latest;
        }
    }

    /// <summary>Completed commits, delta commits and replace commits, by requested time.</summary>
    public IEnumerable<Instant> CompletedWrites => Instants.Where(i => i.IsCompleted && Actions.IsWrite(i.Action));

    /// <summary>Everything that is requested or inflight, of every action, by requested time.</summary>
    public IEnumerable<Instant> Pending => Instants.Where(i => !i.IsCompleted);

    /// <summary>Requested times of the commits that completed savepoints protect.</summary>
    public IEnumerable<string> Savepoints => Instants.Where(i => i.IsCompleted && i.Action == Actions.Savepoint).Select(i => i.RequestedTime);

    /// <summary>The completed write with the greatest requested time, or null.</summary>
    public Instant? LatestCompletedWrite => Instants.LastOrDefault(i => i.IsCompleted && Actions.IsWrite(i.Action));

    /// <summary>The completed write of a requested time, or null.</summary>
    public Instant? FindCompletedWrite(string requestedTime) => completedWrites.GetValueOrDefault(requestedTime);

    /// <summary>All instants of a requested time: a commit and its savepoint share one.</summary>
    public IEnumerable<Instant> Find(string requestedTime) => Instants.Where(i => i.RequestedTime == requestedTime);

    /// <summary>Whether an instant lies before what the active timeline still holds.</summary>
    public bool IsBeforeStart(string requestedTime) => start is not null && string.CompareOrdinal(requestedTime, start) < 0;

    /// <summary>
    /// Whether a file that names this instant is committed: a completed write of the timeline, or older than the timeline, since only completed instants are archived
    /// (HoodieTimeline.containsOrBeforeTimelineStarts).
    /// </summary>
    public bool ContainsOrBeforeTimelineStarts(string requestedTime) => completedWrites.ContainsKey(requestedTime) || IsBeforeStart(requestedTime);

    /// <summary>
    /// When a write was completed: its completion time in layout 2; its requested time in layout 1 and for archived instants, as Hudi falls back; null while it is not completed.
    /// </summary>
    public string? CompletionTimeOf(string requestedTime) =>
        completedWrites.TryGetValue(requestedTime, out var instant) ? (Layout.OrdersByCompletion ? instant.CompletionTime ?? requestedTime : requestedTime)
        : IsBeforeStart(requestedTime) ? requestedTime
        : null;

    /// <summary>
    /// The completed writes of an incremental query, in the order in which they took effect: by completion time in layout 2, by requested time in layout 1.
    /// </summary>
    /// <param name="beginExclusive">A time on that scale; null is the beginning.</param>
    /// <param name="endInclusive">A time on that scale; null is the end.</param>
    public IReadOnlyList<Instant> CompletedInRange(string? beginExclusive, string? endInclusive)
    {
        var found = new List<Instant>();
        foreach (var instant in completedWrites.Values)
        {
            var time = Scale(instant);
            if ((beginExclusive is null || string.CompareOrdinal(time, beginExclusive) > 0) && (endInclusive is null || string.CompareOrdinal(time, endInclusive) <= 0))
            {
                found.Add(instant);
            }
        }

        found.Sort(Layout.OrdersByCompletion ? Layout.CompletionOrder() : Layout.RequestedOrder());
        return found;
    }

    /// <summary>
    /// The earliest moment from which an incremental query knows every write: one that begins before it concerns archived instants. Null when the timeline holds no write.
    /// </summary>
    public string? IncrementalStart
    {
        get
        {
            string? earliest = null;
            foreach (var instant in completedWrites.Values)
            {
                var time = Scale(instant);
                earliest = earliest is null || string.CompareOrdinal(time, earliest) < 0 ? time : earliest;
            }

            return earliest;
        }
    }

    /// <summary>
    /// What a user means by "as of": digits to which requested times are compared (see <see cref="FileSystemView"/>). Accepts instants, completion times, dates and times
    /// (<see cref="InstantTimes.FromText"/>).
    /// </summary>
    public string AsOf(string text) => InstantTimes.FromText(text, Layout.Zone);

    private string Scale(Instant instant) => Layout.OrdersByCompletion ? instant.CompletionTime ?? instant.RequestedTime : instant.RequestedTime;

    private static string? Max(string? a, string? b) => string.CompareOrdinal(a, b) >= 0 ? a : b;
}
