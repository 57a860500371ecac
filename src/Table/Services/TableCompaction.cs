using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Timelines;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>Compactions of one table: the table's state and the caller's options brought together.</summary>
internal sealed class TableCompaction(LakehouseTable table, CompactionOptions options)
{
    /// <summary>What is planned, and what would be planned besides.</summary>
    /// <param name="action">Compaction or log compaction.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<IReadOnlyList<CompactionResult>> PreviewAsync(string action, CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        CompactionScheduler.RequireCompactable(state.Config);
        var found = new List<CompactionResult>();
        foreach (var planned in Planned(state, action, null))
        {
            found.Add(Describe(planned.RequestedTime, await state.Client.ReadCompactionPlanAsync(planned, cancellationToken)));
        }

        var scheduler = Scheduler(state);
        var plan = action == Actions.Compaction ? await scheduler.PlanAsync(state.Timeline, options, cancellationToken) : await scheduler.PlanLogsAsync(state.Timeline, options, cancellationToken);
        return plan.Operations.Count == 0 ? found : [.. found, Describe(null, plan)];

        static CompactionResult Describe(string? instant, CompactionPlan plan) => new()
        {
            Instant = instant,
            FileGroups = plan.Operations.Count,
            LogFiles = plan.Operations.Sum(o => o.LogFileNames.Count),
            LogBytes = (long)plan.Operations.Sum(o => o.LogBytes()),
        };
    }

    public async Task<string?> ScheduleAsync(bool always, CancellationToken cancellationToken)
    {
        var state = await PrepareAsync(cancellationToken);
        return (await Scheduler(state).ScheduleAsync(options, always, cancellationToken))?.RequestedTime;
    }

    public async Task<string?> ScheduleLogAsync(bool always, CancellationToken cancellationToken)
    {
        var state = await PrepareAsync(cancellationToken);
        RequireWholeRows(state);
        return (await Scheduler(state).ScheduleLogCompactionAsync(options, always, cancellationToken))?.RequestedTime;
    }

    /// <param name="instant">A planned compaction; null: all that are planned, the oldest first.</param>
    /// <param name="cancellationToken">Gives the one under way up.</param>
    public async Task<IReadOnlyList<CompactionResult>> ExecuteAsync(string? instant, CancellationToken cancellationToken)
    {
        var state = await PrepareAsync(cancellationToken);
        foreach (var dead in state.Timeline.Pending.Where(i => instant is null && i is { Action: Actions.LogCompaction, State: InstantState.Inflight }))
        {
            // Its file groups could not be compacted.
            await new RollbackExecutor(state.Client, state.Config).RollBackServiceAsync(state.Timeline, dead, cancellationToken);
        }

        var done = new List<CompactionResult>();
        foreach (var planned in Planned(state, Actions.Compaction, instant))
        {
            var executor = new CompactionExecutor(state.Client, state.Config, await SettingsAsync(state, planned, cancellationToken));
            done.Add(await executor.ExecuteAsync(planned, cancellationToken));
        }

        return done;
    }

    /// <param name="instant">A planned log compaction; null: all that are planned, the oldest first. One that cannot be executed any more is taken off the timeline.</param>
    /// <param name="cancellationToken">Gives the one under way up.</param>
    public async Task<IReadOnlyList<CompactionResult>> ExecuteLogAsync(string? instant, CancellationToken cancellationToken)
    {
        var state = await PrepareAsync(cancellationToken);
        var done = new List<CompactionResult>();
        foreach (var planned in Planned(state, Actions.LogCompaction, instant))
        {
            var executor = new LogCompactionExecutor(state.Client, state.Config, await SettingsAsync(state, planned, cancellationToken));
            if (!await executor.DropOutdatedAsync(planned, cancellationToken))
            {
                done.Add(await executor.ExecuteAsync(planned, cancellationToken));
            }
        }

        return done;
    }

    private CompactionScheduler Scheduler(TableState state) => new(state.Client, state.Config, table.Options.Write.MaxFileSize);

    private static List<Instant> Planned(TableState state, string action, string? instant)
    {
        var planned = state.Timeline.Pending.Where(i => i.Action == action && (instant is null || i.RequestedTime == instant)).ToList();
        return instant is null || planned.Count > 0
            ? planned
            : throw new LakehouseException(
                LakehouseErrorKind.NotFound, $"No {action} of this instant is planned", state.Store.Root, state.Client.Layout.Folder, instant, "List the instants with 'timeline'; one that is completed needs nothing more");
    }

    private void RequireWholeRows(TableState state)
    {
        if (!MergeRule.Create(state.Config, mergers: table.Options.RecordMergers).KeepsWholeRows)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "Logs whose rows are merged column by column cannot be compacted into logs", state.Store.Root, remedy: "Compact the table instead");
        }
    }

    private async ValueTask<CompactionSettings> SettingsAsync(TableState state, Instant planned, CancellationToken cancellationToken)
    {
        var resources = table.Options;
        var schema = await state.GetSchemaAsync(cancellationToken: cancellationToken);
        return new CompactionSettings(

            // Columns by number are those of the plan's time, which is what its files will be taken for (InternalSchemaCache.getInternalSchemaAndAvroSchemaForClusteringAndCompaction).
            schema.Evolution is null ? schema : await state.GetSchemaAsync(planned.RequestedTime, cancellationToken),
            MergeRule.Create(state.Config, mergers: resources.RecordMergers),
            ParquetFormats.Of(resources.ParquetReader),
            FileLayout.Of(resources.Write, resources),
            FileLayout.LogsOf(resources.Write),
            resources.MemoryBudget / 2,
            resources.SpillFolder);
    }

    private async Task<TableState> PrepareAsync(CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        CompactionScheduler.RequireCompactable(state.Config);
        state.Config.RequireWritable();
        return (options.DropMetadataTable && await MetadataTableDrop.RunAsync(state, table.Options.Environment, cancellationToken))
            || await MetadataWriter.PrepareAsync(state.Client, null, null, cancellationToken)
            ? await table.RefreshAsync(cancellationToken: cancellationToken)
            : state;
    }
}
