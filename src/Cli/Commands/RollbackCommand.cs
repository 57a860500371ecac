using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;
using OllaLab.Lakehouse.Services;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse rollback</c></summary>
internal static class RollbackCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var instant = new Argument<string>("INSTANT") { Description = "The instant to take back: the latest commit, or a write that was left unfinished" };
        var command = new Command("rollback", "Takes back a table's latest commit.") { table, instant };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await LakehouseTable.OpenAsync(parsed.GetRequiredValue(table), cancellationToken: cancellationToken);
            var state = await opened.RefreshAsync(cancellationToken: cancellationToken);
            RollbackMetadataSummary(await new RollbackExecutor(state.Client, state.Config).RollBackAsync(parsed.GetRequiredValue(instant), cancellationToken), out var listing, out var text);
            if (parsed.GetValue(common.Json))
            {
                await listing.WriteAsync(context, json: true, cancellationToken);
            }
            else
            {
                context.Error.WriteLine(text);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static void RollbackMetadataSummary(Timelines.RollbackMetadata done, out Listing listing, out string text)
    {
        listing = new Listing("instant", "action", "rollback", "files_deleted", "logs_undone");
        listing.Add(done.Instant, done.Action, done.StartRollbackTime, done.TotalFilesDeleted, done.LogsUndone);
        text = $"Rolled back {done.Action} {done.Instant}: {done.TotalFilesDeleted} files deleted{(done.LogsUndone > 0 ? $", {done.LogsUndone} logs undone" : string.Empty)}.";
    }
}
