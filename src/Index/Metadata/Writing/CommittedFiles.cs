using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The files of completed instants that a table's storage holds: what a new metadata table begins with (HoodieBackedTableMetadataWriter.listAllPartitionsFromFilesystem).</summary>
internal static class CommittedFiles
{
    /// <summary>Base files, logs and change data by partition path and name, with their sizes; partitions without any are there too.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>>> ListAsync(IObjectStore store, ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, IReadOnlyDictionary<string, long>>(StringComparer.Ordinal);
        var isCommitted = Filter(timeline);
        await PartitionListing.ListAsync(
            store,
            (partition, files) => found[partition] = files.Where(f => !f.IsFolder && isCommitted(f.Name)).ToDictionary(f => f.Name, f => f.Length),
            cancellationToken);
        return found;
    }

    /// <summary>Whether a file of a name is of a completed instant.</summary>
    public static Func<string, bool> Filter(ActiveTimeline timeline)
    {
        // In version 6 logs are named by their slice, which may be one that a planned compaction begins.
        var planned = timeline.Layout.OrdersByCompletion ? [] : timeline.Pending.Where(i => i.Action == Actions.Compaction).Select(i => i.RequestedTime).ToHashSet(StringComparer.Ordinal);
        return name =>
            FileNames.TryParseBaseFile(string.Empty, name, 0, out var file) ? timeline.ContainsOrBeforeTimelineStarts(file.Instant)
            : FileNames.TryParseLogFile(string.Empty, name, 0, out var log) && (timeline.ContainsOrBeforeTimelineStarts(log.Instant) || planned.Contains(log.Instant));
    }
}
