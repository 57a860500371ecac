using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// What is kept of a table's metadata table from one look at it to the next, as long as the client of the table's timeline lives. Its timeline is listed each time: where that names the same instants, completed
/// at the same times, the folders of its partitions hold the same files that count, and a file whose instant was completed at the same time is the same file. Tables of version 6 do not tell such times: of
/// them nothing is kept.
/// </summary>
internal sealed class MetadataMemory
{
    private static readonly ConditionalWeakTable<TimelineClient, MetadataMemory> All = [];

    private TimelineClient? client;

    /// <summary>What was last seen; null: nothing yet.</summary>
    public MetadataSighting? Seen { get; private set; }

    /// <summary>The table that was last opened; null: none yet.</summary>
    public MetadataTable? Latest { get; private set; }

    /// <summary>File groups as they were last loaded.</summary>
    public ConcurrentDictionary<(string Partition, string FileId), MetadataShard> Shards { get; } = new();

    /// <summary>That of a table.</summary>
    public static MetadataMemory Of(TimelineClient data) => All.GetValue(data, static _ => new MetadataMemory());

    /// <summary>The metadata table's own client, one for all time where its instants tell their completion: it keeps what they hold.</summary>
    public TimelineClient ClientOf(ITimelineLayout layout, Func<TimelineClient> create) =>
        !layout.OrdersByCompletion ? create()
        : client is { } known && known.Layout.Folder == layout.Folder && known.Layout.Version == layout.Version ? known
        : client = create();

    /// <summary>Takes up what was just listed.</summary>
    /// <returns>The same, or what was seen before where nothing has changed.</returns>
    public MetadataSighting See(TimelineClient own, int version, ActiveTimeline timeline)
    {
        if (!own.Layout.OrdersByCompletion)
        {
            return new MetadataSighting(own, version, timeline);
        }

        return Seen is { } seen && seen.Version == version && seen.Client.Layout.Folder == own.Layout.Folder && seen.IsStill(timeline) ? seen : Seen = new MetadataSighting(own, version, timeline);
    }

    /// <summary>After a delta commit of one's own, under the table's lock: nobody else has changed anything.</summary>
    /// <param name="before">As it was.</param>
    /// <param name="completed">The delta commit.</param>
    /// <param name="written">Its files.</param>
    /// <param name="other">Partitions that got other files, too.</param>
    public void Add(MetadataSighting before, Instant completed, IReadOnlyDictionary<string, IReadOnlyList<WriteStat>> written, IReadOnlySet<string> other)
    {
        if (completed.CompletionTime is not null && ReferenceEquals(Seen, before))
        {
            Seen = before.With(completed, written, other);
        }
    }

    public void Keep(MetadataTable table) => Latest = table;
}
