using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse rollback</c></summary>
internal static class RollbackCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var instant = new Option<string>("--instant") { Description = "The instant to take back: the latest one, or one that was left unfinished", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be deleted" };
        var markers = new Option<bool>("--markers") { Description = "Find files of an unfinished instant by its markers (hoodie.rollback.using.markers)", DefaultValueFactory = _ => true };
        var command = new Command("rollback", "Takes back an instant: a table's latest commit, or one that was left unfinished.") { table, instant, dryRun, markers, TableLocation.OtherWriters() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var options = new RollbackOptions { DryRun = parsed.GetValue(dryRun), UsingMarkers = parsed.GetValue(markers) };
            var done = await ProgressLine.OfServiceAsync(parsed, common, context, "Rolling back", () => opened.RollbackAsync(parsed.GetRequiredValue(instant), options, cancellationToken));
            if (parsed.GetValue(common.Json))
            {
                await Listing([done]).WriteAsync(context, json: true, cancellationToken);
            }
            else
            {
                context.Error.WriteLine(Text(done));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    public static Listing Listing(IEnumerable<RollbackResult> results)
    {
        var listing = new Listing("instant", "action", "rollback", "files_deleted", "logs_undone");
        foreach (var done in results)
        {
            listing.Add(done.Instant, done.Action, done.Rollback, done.DeletedFiles.Count, done.UndoneLogs.Count);
        }

        return listing;
    }

    private static string Text(RollbackResult done) =>
        $"{(done.Rollback is null ? "Would roll back" : "Rolled back")} {done.Action} {done.Instant}: {done.DeletedFiles.Count} files deleted{(done.UndoneLogs.Count > 0 ? $", {done.UndoneLogs.Count} logs undone" : string.Empty)}.";
}
