using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>What executing the plans of compactions and of log compactions has in common (HoodieCompactor): slices side by side within the memory option, the commit that says what became of them.</summary>
internal abstract class PlanExecutor(TimelineClient client, TableConfig config, CompactionSettings settings)
{
    protected TimelineClient Client => client;

    protected TableConfig Config => config;

    protected CompactionSettings Settings => settings;

    /// <summary>operationType of the commit.</summary>
    protected abstract string Operation { get; }

    /// <param name="planned">The service, requested or left inflight by a run that died.</param>
    /// <param name="cancellationToken">Gives the run up.</param>
    public async Task<CompactionResult> ExecuteAsync(Instant planned, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<WriteStat> stats = [];
        var completed = await new ServiceRun(client, config, new MetadataSource(settings.Schema, settings.Format) { Merging = new MergeSettings(settings.Rule, settings.MemoryBudget, settings.SpillFolder) }).RunAsync(
            planned,
            async (timeline, stop) =>
            {
                stats = await WriteAsync(timeline, planned, stop);
                return ToMetadata(stats);
            },
            cancellationToken);
        return ToResult(completed, stats);
    }

    /// <summary>The slices of a plan with the logs that are to be merged.</summary>
    protected abstract ValueTask<IReadOnlyList<FileSlice>> FindAsync(FileSystemView view, Instant planned, CompactionPlan plan, CancellationToken cancellationToken);

    /// <summary>Writes what becomes of a slice.</summary>
    protected abstract Task<WriteStat> WriteAsync(BaseFileContext context, FileSlice slice, SliceRead read, CancellationToken cancellationToken);

    private async Task<IReadOnlyList<WriteStat>> WriteAsync(ActiveTimeline timeline, Instant planned, CancellationToken cancellationToken)
    {
        var plan = await client.ReadCompactionPlanAsync(planned, cancellationToken);
        var slices = await FindAsync(new FileSystemView(client, timeline), planned, plan, cancellationToken);
        var atOnce = Math.Clamp(slices.Count, 1, settings.Files.Threads);
        var read = new SliceRead(settings.Schema, settings.Schema.ArrowWithMeta, null, CompactionSettings.BatchRows)
        {
            Logs = new LogInstants(timeline),
            Merging = new MergeSettings(settings.Rule, settings.MemoryBudget / atOnce, settings.SpillFolder) { Keys = StoredKeys.Of(config, settings.Schema) },
        };
        using var context = new BaseFileContext(client.Store, config, settings.Schema, planned.RequestedTime, settings.Format, settings.Files, client.Environment, settings.Logs);
        var stats = new WriteStat[slices.Count];
        await Parallel.ForAsync(
            0,
            slices.Count,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellationToken },
            async (i, stop) => stats[i] = await WriteAsync(context, slices[i], read, stop));
        return stats;
    }

    private CommitMetadata ToMetadata(IReadOnlyList<WriteStat> stats) => new()
    {
        PartitionToWriteStats = stats.GroupBy(s => s.PartitionPath!).ToDictionary(p => p.Key, p => (IReadOnlyList<WriteStat>)[.. p]),
        ExtraMetadata = new Dictionary<string, string> { [CommitMetadata.SchemaKey] = settings.Schema.ToAvroJson(withMetaColumns: false) },
        OperationType = Operation,
        Compacted = true,
    };

    private static CompactionResult ToResult(Instant completed, IReadOnlyList<WriteStat> stats) => new()
    {
        Instant = completed.RequestedTime,
        CompletionTime = completed.CompletionTime,
        FileGroups = stats.Count,
        LogFiles = (int)stats.Sum(s => s.Compacted!.Value.LogFiles),
        LogBytes = stats.Sum(s => s.Compacted!.Value.LogBytes),
        LogRecords = stats.Sum(s => s.Compacted!.Value.LogRecords),
        Rows = stats.Sum(s => s.NumWrites),
        Updated = stats.Sum(s => s.NumUpdateWrites),
        Deleted = stats.Sum(s => s.NumDeletes),
        Inserted = stats.Sum(s => s.NumInserts),
        BytesWritten = stats.Sum(s => s.FileSizeInBytes),
    };
}
