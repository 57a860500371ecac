using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Which blocks of a slice's log files count, and in which order (org.apache.hudi.common.table.log.BaseHoodieLogRecordReader). Only frames are read, no content. Corrupt blocks are
/// passed over; a rollback block takes back what its target has written so far; blocks that a log compaction has merged give way to the merged ones, at the place of the newest of them.
/// </summary>
internal sealed class LogScan
{
    private const string RollbackCommand = "0";
    private readonly LogInstants wanted;
    private readonly List<string> instants = [];
    private readonly Dictionary<string, List<LogBlock>> blocks = [];

    private LogScan(LogInstants wanted) => this.wanted = wanted;

    /// <summary>The data and delete blocks to merge, oldest first.</summary>
    /// <param name="store">The table's storage.</param>
    /// <param name="logs">The slice's log files in their order.</param>
    /// <param name="wanted">Which instants count.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<IReadOnlyList<LogBlock>> SelectAsync(IObjectStore store, IReadOnlyList<LogFile> logs, LogInstants wanted, CancellationToken cancellationToken)
    {
        var frames = new List<LogBlock>();
        foreach (var log in logs)
        {
            await foreach (var block in LogFileReader.ReadBlocksAsync(store, log.Path, log.Length, cancellationToken))
            {
                frames.Add(block);
            }
        }

        return Select(frames, wanted);
    }

    /// <summary>The same of frames that are read already, in the order of their files.</summary>
    public static IReadOnlyList<LogBlock> Select(IEnumerable<LogBlock> frames, LogInstants wanted)
    {
        var scan = new LogScan(wanted);
        foreach (var block in frames)
        {
            scan.Add(block);
        }

        return scan.InOrder();
    }

    private void Add(LogBlock block)
    {
        switch (block.Type)
        {
            case LogBlockType.Corrupt:
                return;
            case LogBlockType.Command:
                Undo(block);
                return;
            case LogBlockType.CdcData:
                throw new LakehouseException(LakehouseErrorKind.Corrupt, "A change data block stands in a log file of rows", path: block.Path, remedy: "Restore the file");
        }

        if (block.InstantTime is not { Length: > 0 } instant)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The log block at byte {block.Start} names no instant", path: block.Path, remedy: "Restore the file");
        }

        if (!wanted.Includes(instant))
        {
            return;
        }

        if (!blocks.TryGetValue(instant, out var list))
        {
            instants.Add(instant);
            blocks[instant] = list = [];
        }

        list.Add(block);
    }

    private void Undo(LogBlock block)
    {
        if (block.Header(LogHeader.CommandBlockType) is var command and not RollbackCommand)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The log file has a command block of type '{command}'", path: block.Path, remedy: "Compact the table with Apache Hudi first");
        }

        if (block.TargetInstantTime is { } target && blocks.Remove(target))
        {
            instants.Remove(target);
        }
    }

    private List<LogBlock> InOrder()
    {
        // From the newest back, so that blocks merged twice lead to the last merger. An incremental read whose range holds a log compaction but none of what it merged gets nothing of
        // it, as in Hudi: nothing was changed in that range.
        var mergedInto = new Dictionary<string, string>();
        var order = new List<string>(instants.Count);
        var taken = new HashSet<string>();
        for (int i = instants.Count - 1; i >= 0; i--)
        {
            var instant = instants[i];
            var final = mergedInto.GetValueOrDefault(instant, instant);
            var originals = blocks[instant][0].CompactedBlockTimes;
            if (originals.Count > 0 && (wanted.Range is not null || originals.Any(blocks.ContainsKey)))
            {
                foreach (var original in originals)
                {
                    mergedInto[original] = final;
                }
            }
            else if (taken.Add(final))
            {
                order.Add(final);
            }
        }

        order.Reverse();
        return [.. order.SelectMany(i => blocks[i])];
    }
}
