using Apache.Arrow;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Executes planned compactions: each slice becomes one new base file. Writes may go on meanwhile: their logs belong to the new slice.</summary>
internal sealed class CompactionExecutor(TimelineClient client, TableConfig config, CompactionSettings settings) : PlanExecutor(client, config, settings)
{
    private static readonly Dictionary<string, IArrowArray> NoPartitionColumns = [];

    protected override string Operation => WriteOperations.Compact;

    protected override ValueTask<IReadOnlyList<FileSlice>> FindAsync(FileSystemView view, Instant planned, CompactionPlan plan, CancellationToken cancellationToken) =>
        PlannedSlices.OfCompactionAsync(view, planned.RequestedTime, plan, cancellationToken);

    protected override async Task<WriteStat> WriteAsync(BaseFileContext context, FileSlice slice, SliceRead read, CancellationToken cancellationToken)
    {
        var clock = Client.Environment.Clock;
        var started = clock.GetTimestamp();
        var blocks = await LogScan.SelectAsync(Client.Store, slice.Logs, read.Logs, cancellationToken);
        using var records = await SliceMerge.ReadAsync(Client.Store, Settings.Format, blocks, slice, read, NoPartitionColumns, cancellationToken);
        await using var changes = await SliceMerge.ResolveAsync(records, Client.Store, Settings.Format, slice, read, NoPartitionColumns, cancellationToken);
        var millis = (long)clock.GetElapsedTime(started).TotalMilliseconds;
        var written = await BaseFileMerge.RunAsync(context, slice, changes, cancellationToken);
        return written.Stat with
        {
            Compacted = new CompactedStat(slice.Logs.Count, slice.Logs.Sum(l => l.Length), blocks.Count, records.Records, changes.Counts.Updated + changes.Counts.Deleted + changes.Counts.Inserted, millis),
            RuntimeStats = written.Stat.RuntimeStats! with { TotalScanTime = millis },
        };
    }
}
