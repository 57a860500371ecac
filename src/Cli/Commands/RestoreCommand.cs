using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse restore</c></summary>
internal static class RestoreCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var to = new Option<string?>("--to") { Description = "A completed commit (instant) whose files are still there" };
        var savepoint = new Option<string?>("--savepoint") { Description = "A savepoint; without either option the latest savepoint" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only list what would be rolled back" };
        var command = new Command("restore", "Brings a table back to a savepoint or commit: everything after it is rolled back. Nothing else may write meanwhile.") { table, to, savepoint, dryRun, TableLocation.OtherWriters() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(to) is not null && parsed.GetValue(savepoint) is not null)
            {
                throw new UsageException("--to and --savepoint exclude one another");
            }

            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var target = parsed.GetValue(to) ?? await SavepointAsync(opened, parsed.GetValue(savepoint), cancellationToken);
            var done = await ProgressLine.OfServiceAsync(parsed, common, context, "Restoring", () => opened.RestoreAsync(target, new RestoreOptions { DryRun = parsed.GetValue(dryRun) }, cancellationToken));
            var json = parsed.GetValue(common.Json);
            if (json || parsed.GetValue(dryRun))
            {
                await RollbackCommand.Listing(done.RolledBack).WriteAsync(context, json, cancellationToken);
            }

            if (!json)
            {
                context.Error.WriteLine($"{(parsed.GetValue(dryRun) ? "Would restore" : "Restored")} to {done.Target}: {done.RolledBack.Count} instants rolled back, {done.RolledBack.Sum(r => r.DeletedFiles.Count)} files deleted{(done.DroppedMetadataTable ? ", the metadata table dropped" : string.Empty)}.");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<string> SavepointAsync(LakehouseTable table, string? instant, CancellationToken cancellationToken)
    {
        var savepoints = await table.GetSavepointsAsync(cancellationToken);
        return savepoints.LastOrDefault(s => instant is null || s.Instant == instant)?.Instant
            ?? throw new LakehouseException(LakehouseErrorKind.NotFound, instant is null ? "the table has no savepoint" : "there is no such savepoint", table.Location, instant: instant, remedy: "Name a commit with --to; 'timeline' lists them");
    }
}
