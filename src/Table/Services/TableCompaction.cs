using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Timelines;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>Compactions of one table: the table's state and the caller's options brought together.</summary>
internal sealed class TableCompaction(LakehouseTable table, CompactionOptions options)
{
    public async Task<string?> ScheduleAsync(bool always, CancellationToken cancellationToken)
    {
        var state = await PrepareAsync(cancellationToken);
        var scheduler = new CompactionScheduler(state.Client, state.Config, table.Options.Write.MaxFileSize);
        return (await scheduler.ScheduleAsync(options, always, cancellationToken))?.RequestedTime;
    }

    /// <param name="instant">A planned compaction; null: all that are planned, the oldest first.</param>
    /// <param name="cancellationToken">Gives the one under way up.</param>
    public async Task<IReadOnlyList<CompactionResult>> ExecuteAsync(string? instant, CancellationToken cancellationToken)
    {
        var state = await PrepareAsync(cancellationToken);
        var planned = state.Timeline.Pending.Where(i => i.Action == Actions.Compaction && (instant is null || i.RequestedTime == instant)).ToList();
        if (instant is not null && planned.Count == 0)
        {
            throw new LakehouseException(
                LakehouseErrorKind.NotFound, "No compaction of this instant is planned", state.Store.Root, state.Client.Layout.Folder, instant, "List the instants with 'timeline'; one that is completed needs nothing more");
        }

        var executor = new CompactionExecutor(state.Client, state.Config, await SettingsAsync(state, cancellationToken));
        var done = new List<CompactionResult>();
        foreach (var compaction in planned)
        {
            done.Add(await executor.ExecuteAsync(compaction, cancellationToken));
        }

        return done;
    }

    private async ValueTask<CompactionSettings> SettingsAsync(TableState state, CancellationToken cancellationToken)
    {
        var resources = table.Options;
        return new CompactionSettings(
            await state.GetSchemaAsync(cancellationToken: cancellationToken),
            MergeRule.Create(state.Config),
            ParquetFormats.Of(resources.ParquetReader),
            FileLayout.Of(resources.Write, resources),
            resources.MemoryBudget / 2,
            resources.SpillFolder);
    }

    private async Task<TableState> PrepareAsync(CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        CompactionScheduler.RequireCompactable(state.Config);
        WritableTable.Check(state.Config, options.DropMetadataTable);
        return options.DropMetadataTable && await MetadataTableDrop.RunAsync(state, table.Options.Environment, cancellationToken)
            ? await table.RefreshAsync(cancellationToken: cancellationToken)
            : state;
    }
}
