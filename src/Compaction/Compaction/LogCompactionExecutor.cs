using Apache.Arrow;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Executes planned log compactions: the logs of each slice become one log, without a look at the base file, so that the slice is cheaper to read until a compaction comes.</summary>
internal sealed class LogCompactionExecutor(TimelineClient client, TableConfig config, CompactionSettings settings)
    : PlanExecutor(client, config, settings with { Logs = settings.Logs with { MaxFileSize = long.MaxValue } })
{
    private static readonly Dictionary<string, IArrowArray> NoPartitionColumns = [];

    protected override string Operation => WriteOperations.LogCompact;

    /// <summary>
    /// Takes a plan off the timeline that cannot be executed any more, as Hudi does: a run of it died, or the table was compacted since (BaseHoodieTableServiceClient.logCompact).
    /// </summary>
    /// <returns>Whether it is gone.</returns>
    public async ValueTask<bool> DropOutdatedAsync(Instant planned, CancellationToken cancellationToken)
    {
        var timeline = await Client.LoadAsync(cancellationToken: cancellationToken);
        if (await new RollbackExecutor(Client, Config).RollBackServiceAsync(timeline, planned, cancellationToken))
        {
            return true;
        }

        bool outdated = timeline.Instants.Any(i => i.Action is Actions.Commit or Actions.Compaction && string.CompareOrdinal(i.RequestedTime, planned.RequestedTime) > 0);
        return outdated && await Client.DeletePendingAsync(planned, cancellationToken);
    }

    protected override ValueTask<IReadOnlyList<FileSlice>> FindAsync(FileSystemView view, Instant planned, CompactionPlan plan, CancellationToken cancellationToken) =>
        PlannedSlices.OfLogCompactionAsync(view, plan, cancellationToken);

    protected override async Task<WriteStat> WriteAsync(BaseFileContext context, FileSlice slice, SliceRead read, CancellationToken cancellationToken)
    {
        var clock = Client.Environment.Clock;
        var started = clock.GetTimestamp();
        var blocks = await LogScan.SelectAsync(Client.Store, slice.Logs, read.Logs, cancellationToken);
        if (!Settings.Rule.KeepsWholeRows || blocks.Any(b => b.IsPartial))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "Logs whose rows are merged column by column cannot be compacted into a log", path: slice.Logs[0].Path, remedy: "Compact the table ('compact'), or let Hudi execute the log compaction");
        }

        using var records = await SliceMerge.ReadAsync(Client.Store, Settings.Format, blocks, read, NoPartitionColumns, cancellationToken);
        var millis = (long)clock.GetElapsedTime(started).TotalMilliseconds;
        var written = await CompactedLog.RunAsync(context, slice, records, [.. blocks.Select(b => b.InstantTime!).Distinct()], cancellationToken);
        return written.Stat with
        {
            Compacted = new CompactedStat(slice.Logs.Count, slice.Logs.Sum(l => l.Length), blocks.Count, records.Records, written.Stat.NumWrites + written.Stat.NumDeletes, millis),
            RuntimeStats = written.Stat.RuntimeStats! with { TotalScanTime = millis },
        };
    }
}
