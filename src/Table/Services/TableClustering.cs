using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Timelines;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>Clusterings of one table: the table's state and the caller's options brought together.</summary>
internal sealed class TableClustering(LakehouseTable table, ClusteringOptions options)
{
    /// <summary>What would be clustered now.</summary>
    public async Task<ClusteringResult?> PreviewAsync(CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        if (await Scheduler(state).PlanAsync(state.Timeline, cancellationToken) is not { } plan)
        {
            return null;
        }

        var slices = new List<FileSlice>();
        foreach (var group in plan.Groups)
        {
            slices.AddRange(await ClusteredSlices.FindAsync(state.Client, state.View, state.Timeline.LatestTime!, group, cancellationToken));
        }

        return new ClusteringResult
        {
            Partitions = plan.Groups.Select(g => g.PartitionPath).Distinct().Count(),
            FileGroups = slices.Count,
            BytesRead = slices.Sum(s => (s.Base?.Length ?? 0) + s.Logs.Sum(l => l.Length)),
            FilesWritten = plan.Groups.Sum(g => g.Outputs),
        };
    }

    public async Task<string?> ScheduleAsync(bool always, CancellationToken cancellationToken)
    {
        var state = await PrepareAsync(cancellationToken);

        // A plan that cannot be executed would only be in the way of writes.
        SortKeys.Create(options.SortColumns, options.Layout, await state.GetSchemaAsync(cancellationToken: cancellationToken));
        return (await Scheduler(state).ScheduleAsync(always, cancellationToken))?.RequestedTime;
    }

    /// <param name="instant">A planned clustering; null: all that are planned, the oldest first.</param>
    /// <param name="cancellationToken">Gives the one under way up.</param>
    public async Task<IReadOnlyList<ClusteringResult>> ExecuteAsync(string? instant, CancellationToken cancellationToken)
    {
        var state = await PrepareAsync(cancellationToken);
        var planned = await PlannedAsync(state, instant, cancellationToken);
        var done = new List<ClusteringResult>();
        if (planned.Count > 0)
        {
            var executor = new ClusteringExecutor(state.Client, state.Config, await SettingsAsync(state, cancellationToken));
            foreach (var (clustering, plan) in planned)
            {
                done.Add(await executor.ExecuteAsync(clustering, plan, cancellationToken));
            }
        }

        return done;
    }

    /// <summary>Rolls planned clusterings back, the latest first.</summary>
    public async Task<IReadOnlyList<string>> RollBackAsync(string? instant, CancellationToken cancellationToken)
    {
        var state = await PrepareAsync(cancellationToken);
        var done = new List<string>();
        foreach (var (clustering, _) in (await PlannedAsync(state, instant, cancellationToken)).Reverse())
        {
            await new RollbackExecutor(state.Client, state.Config).DropClusteringAsync(clustering, cancellationToken);
            done.Add(clustering.RequestedTime);
        }

        return done;
    }

    private ClusteringScheduler Scheduler(TableState state) => new(state.Client, state.Config, options, table.Options.Write.MaxFileSize);

    private static async ValueTask<IReadOnlyList<(Instant Instant, ClusteringPlan Plan)>> PlannedAsync(TableState state, string? instant, CancellationToken cancellationToken)
    {
        var planned = (await state.Client.ReadPendingClusteringsAsync(state.Timeline, cancellationToken)).Where(p => instant is null || p.Instant.RequestedTime == instant).ToList();
        return instant is null || planned.Count > 0
            ? planned
            : throw new LakehouseException(
                LakehouseErrorKind.NotFound, "No clustering of this instant is planned", state.Store.Root, state.Client.Layout.Folder, instant, "List the instants with 'timeline'; one that is completed needs nothing more");
    }

    private async ValueTask<ClusteringSettings> SettingsAsync(TableState state, CancellationToken cancellationToken)
    {
        var resources = table.Options;
        return new ClusteringSettings(
            await state.GetSchemaAsync(cancellationToken: cancellationToken),
            MergeRule.Create(state.Config, mergers: resources.RecordMergers),
            ParquetFormats.Of(resources.ParquetReader),
            FileLayout.Of(resources.Write, resources),
            options.Layout,
            resources.MemoryBudget / 2,
            resources.SpillFolder)
        {
            HashFields = await HashingMetadata.IsUsedAsync(state.Store, cancellationToken) ? StoredBuckets.HashFields(state.Config.Properties.GetValueOrDefault, state.Config) : [],
        };
    }

    private async Task<TableState> PrepareAsync(CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        ClusteringScheduler.RequireClusterable(state.Config);
        state.Config.RequireWritable();
        return (options.DropMetadataTable && await MetadataTableDrop.RunAsync(state, table.Options.Environment, cancellationToken))
            || await MetadataWriter.PrepareAsync(state.Client, null, null, cancellationToken)
            ? await table.RefreshAsync(cancellationToken: cancellationToken)
            : state;
    }
}
