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

    private async Task<TableState> PrepareAsync(CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        WritableTable.Check(state.Config, options.DropMetadataTable);
        return options.DropMetadataTable && await MetadataTableDrop.RunAsync(state, table.Options.Environment, cancellationToken)
            ? await table.RefreshAsync(cancellationToken: cancellationToken)
            : state;
    }
}
