using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Timelines;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// Deletes partitions: a replace commit that writes nothing and replaces all file groups of theirs (SparkDeletePartitionCommitActionExecutor). Files, and the partitions in the metadata
/// table's listing, go when they are cleaned.
/// </summary>
internal sealed class PartitionDeletion(LakehouseTable table, DeletePartitionsOptions options)
{
    /// <param name="select">Which partitions, of the table as it is once dead writers are rolled back.</param>
    /// <param name="cancellationToken">Gives it up as long as it is not committed.</param>
    public async Task<DeletePartitionsResult> RunAsync(Func<TableState, ValueTask<IReadOnlyList<string>>> select, CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        if (options.DryRun)
        {
            return await FindAsync(state, await select(state), cancellationToken);
        }

        state.Config.RequireWritable();
        if (options.DropMetadataTable && await MetadataTableDrop.RunAsync(state, table.Options.Environment, cancellationToken))
        {
            state = await table.RefreshAsync(cancellationToken: cancellationToken);
        }

        var (timeline, rolledBack) = await new RollbackExecutor(state.Client, state.Config).RollBackFailedWritesAsync(state.Timeline, cancellationToken);
        state = rolledBack.Count == 0 ? state : state.With(timeline);
        var found = await FindAsync(state, await select(state), cancellationToken) with { RolledBack = [.. rolledBack.Select(r => r.Instant)] };
        if (found.Partitions.Count == 0)
        {
            return found;
        }

        await RequireNoServiceAsync(state, found.Partitions, cancellationToken);
        var completed = await CommitAsync(state, found.Partitions, cancellationToken);
        return found with { Instant = completed.RequestedTime, CompletionTime = completed.CompletionTime };
    }

    private static async ValueTask<DeletePartitionsResult> FindAsync(TableState state, IReadOnlyList<string> partitions, CancellationToken cancellationToken)
    {
        var slices = new List<FileSlice>();
        var there = new List<string>();
        foreach (var partition in partitions)
        {
            // Of one that was deleted before, a listing still has the folder.
            var found = await state.View.GetSlicesAsync(partition, cancellationToken: cancellationToken);
            if (found.Count > 0)
            {
                there.Add(partition);
                slices.AddRange(found);
            }
        }

        return new DeletePartitionsResult { Partitions = there, FileGroups = slices.Count, Bytes = slices.Sum(s => (s.Base?.Length ?? 0) + s.Logs.Sum(l => l.Length)) };
    }

    // What they write would be of a partition that is gone (DeletePartitionUtils.checkForPendingTableServiceActions).
    private static async ValueTask RequireNoServiceAsync(TableState state, IReadOnlyList<string> partitions, CancellationToken cancellationToken)
    {
        var planned = await PlannedFileGroups.ReadAsync(state.Client, state.Timeline, Actions.LogCompaction, cancellationToken);
        if (planned.Where(g => partitions.Contains(g.Partition)).Select(g => g.Partition).FirstOrDefault() is { } partition)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict,
                $"A compaction or clustering is planned for partition '{partition}', which therefore cannot be deleted",
                state.Store.Root,
                partition,
                remedy: "Execute what is planned first (compact --execute, logcompact --execute, cluster --execute)");
        }
    }

    private async Task<Instant> CommitAsync(TableState state, IReadOnlyList<string> partitions, CancellationToken cancellationToken)
    {
        var schema = await state.GetSchemaAsync(cancellationToken: cancellationToken);
        var source = new MetadataSource(schema, ParquetFormats.Of(table.Options.ParquetReader));
        await MetadataWriter.PrepareAsync(state.Client, null, source, cancellationToken);

        var requested = await state.Client.RequestAsync(state.Timeline, Actions.ReplaceCommit, RequestedReplaceMetadata.DeletePartition, cancellationToken);
        var renewed = await HashingMetadata.IsUsedAsync(state.Store, cancellationToken) ? new RenewedRings(new HashingMetadata(state.Store), state.View, state.Client.Environment.NewGuid) : null;
        Instant completed;
        try
        {
            var inflight = await state.Client.StartCommitAsync(requested, new CommitMetadata { OperationType = WriteOperations.DeletePartition }, cancellationToken);
            var replaced = await OverwrittenFileGroups.OfPartitionsAsync(state.View, partitions, cancellationToken);
            var others = ConcurrentWrites.Of(state, inflight, [], replaced, buckets: null, stored: null);
            var metadata = new CommitMetadata
            {
                OperationType = WriteOperations.DeletePartition,
                ExtraMetadata = new Dictionary<string, string>(options.ExtraMetadata) { [CommitMetadata.SchemaKey] = schema.ToAvroJson(withMetaColumns: false) },
                PartitionToReplaceFileIds = replaced.FileIds,
            };
            completed = await MetadataWriter.CompleteAsync(state.Client, inflight, metadata, source, cancellationToken, async (now, token) =>
            {
                await others.CheckAsync(now, token);
                await (renewed?.SaveAsync(requested.RequestedTime, partitions, token) ?? default);
            });
        }
        catch (Exception failure) when (failure is not LakehouseException { Kind: LakehouseErrorKind.OutcomeUnknown })
        {
            await FailedWrite.TakeBackAsync(state, requested, failure);
            throw;
        }

        await (renewed?.MarkAsync(requested.RequestedTime, partitions) ?? default);
        return completed;
    }
}
