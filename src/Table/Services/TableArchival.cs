using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Timelines;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>Archiving of one table: the table's state and the caller's options brought together.</summary>
/// <param name="table">The table.</param>
/// <param name="options">How much stays.</param>
/// <param name="write">The write after which it runs; null: none.</param>
internal sealed class TableArchival(LakehouseTable table, ArchiveOptions options, WriteOptions? write = null)
{
    public async Task<ArchiveResult> RunAsync(CancellationToken cancellationToken)
    {
        var rule = options.ToRule(write?.Clean, write?.Compaction, table.Type == TableType.MergeOnRead);
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        state.Config.RequireWritable();
        var executor = new ArchiveExecutor(
            state.Client,
            state.Config,
            state.HasMetadata ? timeline => new MetadataFileListing(() => MetadataTable.OpenAsync(state.Store, state.Config, timeline, table.Options.Environment, CancellationToken.None, MetadataMemory.Of(state.Client))) : null);
        var instants = options.DryRun ? (await executor.PlanAsync(rule, cancellationToken)).Instants : await executor.RunAsync(rule, cancellationToken);
        return new ArchiveResult { Instants = [.. instants.Select(i => new ArchivedAction(i.RequestedTime, i.Action))] };
    }

    /// <summary>Whether a run might find something to do, by what was last seen of the table: asked after every write, it costs nothing.</summary>
    public bool MayBeDue(TableState last)
    {
        int Count(string action) => last.Timeline.Instants.Count(i => i.IsCompleted && i.Action == action);
        return last.Timeline.CompletedWrites.Count() >= options.MaxCommits
            || (last.Client.Layout.Version == 1 && (Count(Actions.Clean) >= options.MaxCommits || Count(Actions.Rollback) >= options.MaxCommits));
    }
}
