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

    /// <summary>When the instant that wrote a file was completed; null: the timeline does not tell, and the file cannot be known again.</summary>
    public string? CompletionTimeOf(string instant) => metadata.Layout.OrdersByCompletion ? metadata.FindCompletedWrite(instant)?.CompletionTime : null;

    /// <summary>The blocks of a slice's logs, in the order of the logs.</summary>
    /// <param name="store">The metadata table's storage.</param>
    /// <param name="logs">Of the slice.</param>
    /// <param name="known">Logs that were read before.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<IReadOnlyList<MetadataLog>> ReadAsync(IObjectStore store, IReadOnlyList<LogFile> logs, IReadOnlyList<MetadataLog> known, CancellationToken cancellationToken)
    {
        var files = InOrder(logs).ToArray();
        var read = new MetadataLog[files.Length];
        await Requests.ForEachAsync(store, [.. Enumerable.Range(0, files.Length)], async i =>
        {
            var completed = CompletionTimeOf(files[i].Instant);
            if (known.FirstOrDefault(k => k.Is(files[i], completed)) is { } same)
            {
                read[i] = same;
                return;
            }

            var blocks = new List<LogBlock>();
            await foreach (var block in LogFileReader.ReadBlocksAsync(store, files[i].Path, files[i].Length, SmallBlock, cancellationToken))
            {
                blocks.Add(block);
            }

            read[i] = new MetadataLog(files[i], completed, blocks);
        });
        return read;
    }

    /// <summary>The blocks that count, oldest first.</summary>
    public IReadOnlyList<LogBlock> Select(IEnumerable<MetadataLog> logs) => LogScan.Select(
        logs.SelectMany(l => l.Blocks).Where(b => b.Type == LogBlockType.Command || b.InstantTime is not { } instant || valid.Contains(instant)),
        new LogInstants(metadata, Selected: true));

    /// <summary>Logs of layout 2 in the order in which their instants were completed.</summary>
    private IEnumerable<LogFile> InOrder(IReadOnlyList<LogFile> logs) =>
        metadata.Layout.OrdersByCompletion ? logs.OrderBy(l => metadata.CompletionTimeOf(l.Instant), StringComparer.Ordinal) : logs;
}
