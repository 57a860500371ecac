using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>Cleans of one table: the table's state and the caller's options brought together.</summary>
internal sealed class TableCleaning(LakehouseTable table, CleanOptions options)
{
    /// <param name="always">Whether one is planned also when none is due yet.</param>
    /// <param name="cancellationToken">Ends the work; the next run goes on.</param>
    public async Task<IReadOnlyList<CleanResult>> RunAsync(bool always, CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        if (state.Timeline.LatestCompletedWrite is null)
        {
            return [];
        }

        state.Config.RequireWritable();
        var executor = new CleanExecutor(
            state.Client,
            state.Config,
            new MetadataSource(await state.GetSchemaAsync(cancellationToken: cancellationToken), ParquetFormats.Of(table.Options.ParquetReader)),
            state.HasMetadata ? timeline => new MetadataFileListing(() => MetadataTable.OpenAsync(state.Store, state.Config, timeline, table.Options.Environment, CancellationToken.None, MetadataMemory.Of(state.Client))) : null);
        if (options.DryRun)
        {
            return await executor.PlanAsync(options, cancellationToken);
        }

        bool isLazy = state.Client.Locks.Options.EffectiveFailedWrites == FailedWritesPolicy.Lazy;
        if (isLazy)
        {
            await RollBackDeadWritesAsync(state, cancellationToken);
        }

        return await executor.RunAsync(options, always, isLazy ? null : state.Timeline, cancellationToken);
    }

    // Where failed writes are cleaned lazily, here is where (CleanerUtils.rollbackFailedWrites).
    private static async Task RollBackDeadWritesAsync(TableState state, CancellationToken cancellationToken)
    {
        var (client, rollback) = (state.Client, new RollbackExecutor(state.Client, state.Config));
        if (await rollback.HasFailedWritesAsync(await client.LoadAsync(cancellationToken: cancellationToken), cancellationToken))
        {
            await client.Locks.RunAsync(async _ => await rollback.RollBackFailedWritesAsync(await client.LoadAsync(cancellationToken: cancellationToken), cancellationToken), cancellationToken);
        }
    }

    /// <summary>Whether a run might find something to do, by what was last seen of the table: asked after every write, it costs nothing.</summary>
    public bool MayBeDue(TableState last) =>
        last.Timeline.Pending.Any(i => i.Action == Timelines.Actions.Clean)
        || options.Policy != CleaningPolicy.KeepLatestCommits
        || last.Timeline.CompletedWrites.Count() >= options.CommitsRetained;
}
