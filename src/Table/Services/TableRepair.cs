using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Timelines;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>Puts right what validation finds and nobody can be wrong about. Nothing that a reader sees is touched.</summary>
internal sealed class TableRepair(LakehouseTable table)
{
    public async Task<IReadOnlyList<TableProblem>> RunAsync(RepairOptions options, CancellationToken cancellationToken)
    {
        var found = (await new TableValidation(table).RunAsync(new ValidateOptions { CheckKeys = false }, cancellationToken)).Where(p => p.IsRepairable).ToList();
        if (options.DryRun || found.Count == 0)
        {
            return found;
        }

        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        if (found.Exists(p => p.Kind == TableProblemKind.Properties))
        {
            await TableConfigFile.RecoverAsync(state.Store, cancellationToken);
            await TableConfigFile.UpdateAsync(state.Store, new Dictionary<string, string?>(), table.Options.Environment, cancellationToken);
        }

        if (found.Exists(p => p.Kind == TableProblemKind.MetadataTable))
        {
            await MetadataTableDrop.RunAsync(state, table.Options.Environment, cancellationToken);
        }

        state = await table.RefreshAsync(cancellationToken: cancellationToken);
        if (found.Exists(p => p.Kind == TableProblemKind.UnfinishedWrite))
        {
            await new RollbackExecutor(state.Client, state.Config).RollBackFailedWritesAsync(state.Timeline, cancellationToken);
        }

        foreach (var problem in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (problem.Kind)
            {
                // An instant's requested file is there before its first data file: a file of none is nobody's who is at work.
                case TableProblemKind.DanglingFile or TableProblemKind.StrayTimelineFile:
                    await state.Store.DeleteAsync(problem.Path!, cancellationToken);
                    break;
                case TableProblemKind.DanglingMarkers:
                    await new Markers(state.Store, problem.Instant!).DeleteAsync(cancellationToken);
                    break;
            }
        }

        return found;
    }
}
