using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Which log blocks of the metadata table count (HoodieTableMetadataUtil.getValidInstantTimestamps of Hudi 1.x): those of instants that are completed in the data table, or in the metadata
/// table and not pending in the data table, whose writer may have died between the two.
/// </summary>
internal sealed class MetadataInstants
{
    /// <summary>Most blocks are smaller: an object store is asked once for a log then.</summary>
    private const int SmallBlock = 64 * 1024;

    private readonly ActiveTimeline metadata;
    private readonly HashSet<string> valid;

    /// <param name="data">The data table's timeline.</param>
    /// <param name="metadata">The metadata table's.</param>
    public MetadataInstants(ActiveTimeline data, ActiveTimeline metadata)
    {
        this.metadata = metadata;
        var pending = data.Pending.Select(i => i.RequestedTime).ToHashSet(StringComparer.Ordinal);
        valid = metadata.Instants.Where(i => i.IsCompleted && !pending.Contains(i.RequestedTime)).Select(i => i.RequestedTime).ToHashSet(StringComparer.Ordinal);
        valid.UnionWith(data.Instants.Where(i => i.IsCompleted).Select(i => i.RequestedTime));
    }

    /// <summary>The blocks of a slice's logs that count, oldest first.</summary>
    public async ValueTask<IReadOnlyList<LogBlock>> SelectAsync(IObjectStore store, IReadOnlyList<LogFile> logs, CancellationToken cancellationToken)
    {
        var frames = new List<LogBlock>();
        foreach (var log in InOrder(logs))
        {
            await foreach (var block in LogFileReader.ReadBlocksAsync(store, log.Path, log.Length, SmallBlock, cancellationToken))
            {
                if (block.Type == LogBlockType.Command || block.InstantTime is not { } instant || valid.Contains(instant))
                {
                    frames.Add(block);
                }
            }
        }

        return LogScan.Select(frames, new LogInstants(metadata, Selected: true));
    }

    /// <summary>Logs of layout 2 in the order in which their instants were completed.</summary>
    private IEnumerable<LogFile> InOrder(IReadOnlyList<LogFile> logs) =>
        metadata.Layout.OrdersByCompletion ? logs.OrderBy(l => metadata.CompletionTimeOf(l.Instant), StringComparer.Ordinal) : logs;
}
