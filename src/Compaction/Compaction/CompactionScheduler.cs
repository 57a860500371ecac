using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Plans compactions (ScheduleCompactionActionExecutor, BaseHoodieCompactionPlanGenerator). Under the table's lock: no write begins or ends meanwhile.</summary>
/// <param name="client">The table's timeline.</param>
/// <param name="config">The table.</param>
/// <param name="maxFileSize">Bytes that a base file is taken to have where there is none yet.</param>
internal sealed class CompactionScheduler(TimelineClient client, TableConfig config, long maxFileSize)
{
    /// <summary>Plans a compaction of all slices with logs, as the strategy chooses. Where nothing is to be done, the timeline stays as it is.</summary>
    /// <param name="options">Trigger and strategy.</param>
    /// <param name="always">Whether it is planned even when the trigger does not say that it is due.</param>
    /// <param name="cancellationToken">Ends the work; a plan that is written stays.</param>
    /// <returns>The requested instant, or null.</returns>
    public ValueTask<Instant?> ScheduleAsync(CompactionOptions options, bool always, CancellationToken cancellationToken = default) => ScheduleAsync(
        Actions.Compaction,
        (timeline, time) => new(always || DeltaCommits.IsDue(timeline, options, time)),
        timeline => PlanAsync(timeline, options, cancellationToken),
        cancellationToken);

    /// <summary>Plans a log compaction of all slices with enough blocks in their logs. Where nothing is to be done, the timeline stays as it is.</summary>
    /// <inheritdoc cref="ScheduleAsync(CompactionOptions, bool, CancellationToken)"/>
    public ValueTask<Instant?> ScheduleLogCompactionAsync(CompactionOptions options, bool always, CancellationToken cancellationToken = default) => ScheduleAsync(
        Actions.LogCompaction,
        async (timeline, _) => always || await LogCompactionTrigger.IsDueAsync(client, timeline, options, cancellationToken),
        timeline => PlanLogsAsync(timeline, options, cancellationToken),
        cancellationToken);

    /// <summary>What a compaction would merge.</summary>
    public async ValueTask<CompactionPlan> PlanAsync(ActiveTimeline timeline, CompactionOptions options, CancellationToken cancellationToken) =>
        new(PlanSelection.Select([.. (await FindAsync(timeline, Actions.Compaction, cancellationToken)).Select(ToOperation)], options));

    /// <summary>What a log compaction would merge.</summary>
    public async ValueTask<CompactionPlan> PlanLogsAsync(ActiveTimeline timeline, CompactionOptions options, CancellationToken cancellationToken) => new(
        [.. (await LogCompactionTrigger.WithBlocksAsync(client, timeline, await FindAsync(timeline, Actions.LogCompaction, cancellationToken), options, cancellationToken)).Select(ToOperation)],
        CompactionPlan.LogCompactionExecution,
        PreserveMetadata: true);

    private async ValueTask<Instant?> ScheduleAsync(
        string action, Func<ActiveTimeline, string, ValueTask<bool>> isDue, Func<ActiveTimeline, ValueTask<CompactionPlan>> makePlan, CancellationToken cancellationToken)
    {
        RequireCompactable(config);
        return await client.Locks.RunAsync(_ => PlanAsync(action, isDue, makePlan, cancellationToken), cancellationToken);
    }

    private async ValueTask<Instant?> PlanAsync(
        string action, Func<ActiveTimeline, string, ValueTask<bool>> isDue, Func<ActiveTimeline, ValueTask<CompactionPlan>> makePlan, CancellationToken cancellationToken)
    {
        while (true)
        {
            // The time is taken before the timeline is looked at: what another process completes afterwards belongs to the slice after the compaction.
            var time = client.NewInstantTime(await client.LoadAsync(cancellationToken: cancellationToken));
            var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
            if (string.CompareOrdinal(timeline.LatestTime, time) >= 0)
            {
                continue;
            }

            if (!await isDue(timeline, time))
            {
                return null;
            }

            RequireNoWriteUnderWay(timeline);
            var plan = await makePlan(timeline);
            if (plan.Operations.Count == 0)
            {
                return null;
            }

            var requested = new Instant(time, action, InstantState.Requested);
            if (await client.TryRequestAsync(requested, plan.Write(), cancellationToken))
            {
                return requested;
            }
        }
    }

    /// <summary>Refuses, by name, tables that cannot be compacted here.</summary>
    public static void RequireCompactable(TableConfig config)
    {
        if (config.Type != TableType.MergeOnRead)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "A copy-on-write table has no log files to compact", config.Root, TableConfig.Path, remedy: "Leave it as it is");
        }

        if (config.DropPartitionColumns)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"A table whose files lack the partition columns ({ConfigKeys.DropPartitionColumns}) cannot be compacted",
                config.Root,
                TableConfig.Path,
                remedy: "Compact it with Apache Hudi");
        }
    }

    // Layout 1 names logs by their slice: one that began before the plan would add to a slice that the plan has closed.
    private void RequireNoWriteUnderWay(ActiveTimeline timeline)
    {
        if (!client.Layout.OrdersByCompletion && timeline.Pending.FirstOrDefault(i => i.Action is Actions.DeltaCommit or Actions.Commit) is { } write)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict,
                "A compaction of a version 6 table cannot be planned while a write is under way",
                client.Store.Root,
                client.PathOf(write),
                write.RequestedTime,
                "Wait for the write to end; if its writer is dead, roll it back (the next write does, or 'rollback')");
        }
    }

    // What has logs and no other service is going to rewrite.
    private async ValueTask<IReadOnlyList<FileSlice>> FindAsync(ActiveTimeline timeline, string action, CancellationToken cancellationToken)
    {
        var planned = await PlannedFileGroups.ReadAsync(client, timeline, action, cancellationToken);
        var slices = await new FileSystemView(client, timeline).GetAllSlicesAsync(cancellationToken: cancellationToken);
        return [.. slices.Where(s => s.Logs.Count > 0 && !planned.Contains((s.PartitionPath, s.FileId)))];
    }

    private CompactionOperation ToOperation(FileSlice slice) =>
        new(slice.PartitionPath, slice.FileId, slice.BaseInstant, slice.Base?.FileName, [.. slice.Logs.Select(l => l.FileName)], PlanMetrics.Of(slice, maxFileSize));
}
