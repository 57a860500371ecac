using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// One write from its input to its commit (BaseHoodieWriteClient). Everything that the input can be refused for is found before the instant is requested where the whole input is
/// staged first (upsert, insert, delete); a bulk insert streams, and takes its files back when its input turns out wrong half way.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="operation">What becomes of the rows.</param>
/// <param name="options">The caller's.</param>
/// <param name="derived">Whether the input was made of stored rows: then it is not written again after a conflict, and adds no columns.</param>
internal sealed class TableWrite(LakehouseTable table, WriteOperation operation, WriteOptions options, bool derived = false)
{
    private readonly LakehouseOptions resources = table.Options;

    public async Task<WriteResult> RunAsync(IAsyncEnumerable<RecordBatch> input, CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        state.Config.RequireWritable();
        WriterProperties.Check(state.Config, options.Properties);
        if (options.DropMetadataTable && await MetadataTableDrop.RunAsync(state, resources.Environment, cancellationToken))
        {
            state = await table.RefreshAsync(cancellationToken: cancellationToken);
        }

        var (timeline, rolledBack) = await RollBackFailedWritesAsync(state, cancellationToken);
        state = rolledBack.Count == 0 ? state : state.With(timeline);
        var schema = await state.GetSchemaAsync(cancellationToken: cancellationToken);
        if (options.EvolveSchema && operation != WriteOperation.Delete && !derived)
        {
            (schema, input) = await InputSchema.EvolveAsync(schema, input, state.Config.TableName, cancellationToken);
        }

        var plan = await WritePlan.CreateAsync(state, schema, operation, options, resources, cancellationToken);
        var result = plan.Bulk
            ? await BulkInsertAsync(state, plan, input, cancellationToken)
            : await WriteByKeyAsync(state, plan, input, cancellationToken);
        return result with { RolledBack = [.. rolledBack.Select(r => r.Instant)] };
    }

    private async Task<WriteResult> WriteByKeyAsync(TableState state, WritePlan plan, IAsyncEnumerable<RecordBatch> input, CancellationToken cancellationToken)
    {
        var retries = derived ? 0 : resources.Concurrency.ConflictRetries;
        using var staged = new StagedRows(plan.StagingMemory, resources.SpillFolder, plan.Index.IsGlobal, keep: retries > 0);
        await foreach (var batch in plan.StageAsync(input, cancellationToken))
        {
            staged.Add(batch);
        }

        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await WriteStagedAsync(state, plan, staged, cancellationToken);
            }
            catch (LakehouseException e) when (e is { Kind: LakehouseErrorKind.Conflict, Instant: not null } && attempt < retries)
            {
                // What this attempt wrote is rolled back; the rows are looked up again in what the other made of the table.
                await Task.Delay(state.Client.Locks.Pause(attempt), resources.Environment.Clock, cancellationToken);
            }

            state = await table.RefreshAsync(cancellationToken: cancellationToken);
            plan = await plan.AgainAsync(state, cancellationToken);
        }
    }

    private async Task<WriteResult> WriteStagedAsync(TableState state, WritePlan plan, StagedRows staged, CancellationToken cancellationToken)
    {
        plan.Enter(WriteStage.LookingUpKeys);

        // Rows that are all staged in memory are routed as they lie there.
        using var routed = new RoutedRows(new PositionOrder(), staged.Spilled ? plan.RoutingMemory : long.MaxValue, resources.SpillFolder, WritePlan.BatchRows);
        var router = new RowRouter(state, plan, routed, new WriteTargets(await state.Client.ReadClusteredFileGroupsAsync(state.Timeline, cancellationToken), options.ClusteringUpdates));
        foreach (var unit in staged.Units())
        {
            await router.RouteAsync(FilledDuplicates.Run(unit, plan), cancellationToken);
        }

        if (router.Targets.All.Count == 0 && !plan.OverwritesAnyway)
        {
            return new WriteResult { InputRows = plan.InputRows };
        }

        foreach (var clustering in router.Targets.ClusteringsInTheWay.Reverse())
        {
            await new RollbackExecutor(state.Client, state.Config).DropClusteringAsync(state.Timeline.Pending.First(i => i.RequestedTime == clustering), cancellationToken);
        }

        state = router.Targets.ClusteringsInTheWay.Count == 0 ? state : state.With(await state.Client.LoadAsync(cancellationToken: cancellationToken));
        var requested = await RequestAsync(state, plan, cancellationToken);
        return await CommitAsync(
            state,
            plan,
            requested,
            router.Targets.ToProfile(plan),
            router.Absent,
            (context, stop) => new FileGroupsWriter(context, plan, router.Targets).WriteAsync(routed.Read(), stop),
            cancellationToken) with
        {
            RolledBackClusterings = [.. router.Targets.ClusteringsInTheWay],
        };
    }

    private async Task<WriteResult> BulkInsertAsync(TableState state, WritePlan plan, IAsyncEnumerable<RecordBatch> input, CancellationToken cancellationToken)
    {
        // The first batch is looked at before anything is written: an input that is wrong from its first row on leaves no trace at all, nor does one of nothing but deletes.
        var staged = plan.StageAsync(input, cancellationToken);
        await using var batches = (plan.Combines ? UnitMerge.RunAsync(staged, plan, resources.SpillFolder, cancellationToken) : staged).GetAsyncEnumerator(cancellationToken);
        var some = await batches.MoveNextAsync();
        if (!some && !plan.OverwritesAnyway)
        {
            return new WriteResult { InputRows = plan.InputRows };
        }

        var requested = await RequestAsync(state, plan, cancellationToken);
        async IAsyncEnumerable<StagedBatch> Read()
        {
            for (; some; some = await batches.MoveNextAsync())
            {
                yield return batches.Current;
            }
        }

        return await CommitAsync(
            state, plan, requested, plan.Overwrites ? new CommitMetadata { OperationType = plan.OperationName } : null, new AbsentDeletes(), (context, stop) => new BulkInsertWriter(context, plan, options.BulkInsertSort, resources.SpillFolder).WriteAsync(Read(), stop), cancellationToken);
    }

    // From here on there is something to commit: a write that is refused, or has nothing to write, leaves the metadata table as it is too.
    private async ValueTask<Instant> RequestAsync(TableState state, WritePlan plan, CancellationToken cancellationToken)
    {
        plan.StatisticsColumns = await MetadataWriter.PrepareWriteAsync(
            state.Client, options.DropMetadataTable ? null : new MetadataOptions(state.Config.Properties, options.Properties), plan.MetadataSource, cancellationToken);
        return await state.Client.RequestAsync(state.Timeline, plan.Action, plan.Overwrites ? RequestedReplaceMetadata.Empty : default, cancellationToken);
    }

    private async Task<WriteResult> CommitAsync(
        TableState state,
        WritePlan plan,
        Instant requested,
        CommitMetadata? profile,
        AbsentDeletes absent,
        Func<BaseFileContext, CancellationToken, Task<IReadOnlyList<WrittenFile>>> write,
        CancellationToken cancellationToken)
    {
        plan.Enter(WriteStage.Writing);
        Instant completed;
        IReadOnlyList<WrittenFile> files;
        OverwrittenFileGroups replaced;
        RenewedRings? renewed = null;
        using var context = plan.CreateContext(state, requested.RequestedTime);
        try
        {
            var inflight = await state.Client.StartCommitAsync(requested, profile, cancellationToken);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            files = await write(context, stop.Token);
            replaced = await OverwrittenFileGroups.FindAsync(state, plan, files, cancellationToken);
            var inserts = new ConcurrentInserts(state, plan, files, absent, requested.RequestedTime);
            if (state.Client.Locks.HasOtherWriters)
            {
                // What is there by now is looked at before the lock is taken, which is to be held for a short time only.
                await inserts.CheckAsync(await state.Client.LoadAsync(cancellationToken: cancellationToken), cancellationToken);
            }

            renewed = plan.Overwrites ? (plan.Index.Buckets as ConsistentBucketIndex)?.Renewed : null;
            var others = ConcurrentWrites.Of(state, inflight, files, replaced, plan.Index.Buckets, plan.Stored);
            var source = plan.MetadataSource with { Written = new WrittenStatistics(plan.StatisticsColumns, files) };
            completed = await MetadataWriter.CompleteAsync(state.Client, inflight, plan.ToMetadata(files, replaced), source, cancellationToken, async (now, token) =>
            {
                await others.CheckAsync(now, token);
                await inserts.CheckAsync(now, token);
                if (plan.Index.Buckets is ConsistentBucketIndex rings && state.Client.Locks.HasOtherWriters)
                {
                    await rings.CheckAsync(now, requested.RequestedTime, token);
                }

                if (renewed is not null)
                {
                    await renewed.SaveAsync(requested.RequestedTime, replaced.FileIds.Keys, token);
                }
            });
        }
        catch (Exception failure) when (failure is not LakehouseException { Kind: LakehouseErrorKind.OutcomeUnknown })
        {
            await FailedWrite.TakeBackAsync(state, requested, failure, () => DeleteBegunAsync(state, requested, context));
            throw;
        }

        // What is committed stays committed: markers that cannot be removed now are of no harm.
        try
        {
            await context.Markers.DeleteAsync(CancellationToken.None);
        }
        catch (LakehouseException)
        {
        }

        await (renewed?.MarkAsync(requested.RequestedTime, replaced.FileIds.Keys) ?? default);

        return new WriteResult
        {
            Instant = completed.RequestedTime,
            CompletionTime = completed.CompletionTime,
            InputRows = plan.InputRows,
            Inserted = files.Sum(f => f.Stat.NumInserts),
            Updated = files.Sum(f => f.Stat.NumUpdateWrites),
            Deleted = files.Sum(f => f.Stat.NumDeletes),
            FilesWritten = files.Count,
            BytesWritten = files.Sum(f => f.Stat.FileSizeInBytes),
            FileGroupsReplaced = replaced.Count,
        };
    }

    // With other writers about, only under the lock, so that no two processes roll the same write back; it is taken where there is something to do.
    private static async ValueTask<(ActiveTimeline Timeline, IReadOnlyList<RollbackMetadata> Done)> RollBackFailedWritesAsync(TableState state, CancellationToken cancellationToken)
    {
        var (client, rollback) = (state.Client, new RollbackExecutor(state.Client, state.Config));
        if (!client.Locks.HasOtherWriters)
        {
            return await rollback.RollBackFailedWritesAsync(state.Timeline, cancellationToken);
        }

        return await rollback.HasFailedWritesAsync(state.Timeline, cancellationToken)
            ? await client.Locks.RunAsync(async _ => await rollback.RollBackFailedWritesAsync(await client.LoadAsync(cancellationToken: cancellationToken), cancellationToken), cancellationToken)
            : (state.Timeline, []);
    }

    // Files made since another writer rolled this one back would count as committed once the timeline is archived past their instant.
    private static async ValueTask DeleteBegunAsync(TableState state, Instant requested, BaseFileContext context)
    {
        foreach (var path in context.Begun)
        {
            await state.Store.DeleteAsync(path);
        }

        await context.Markers.DeleteAsync();
        await state.Client.Locks.Heartbeats.StopAsync(requested.RequestedTime, CancellationToken.None);
    }
}
