using System.CommandLine;
using System.Globalization;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse savepoint create|delete|list</c></summary>
internal static class SavepointCommand
{
    public static Command Make(CommonOptions common, CommandContext context) => new("savepoint", "Commits that are kept, so that the table can be restored to them.")
    {
        MakeCreate(common, context),
        MakeDelete(context),
        MakeList(common, context),
    };

    private static Command MakeCreate(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var instant = new Option<string?>("--instant") { Description = "The commit to keep; default: the latest" };
        var user = new Option<string>("--user") { Description = "Who makes the savepoint", DefaultValueFactory = _ => string.Empty };
        var comments = new Option<string>("--comments") { Description = "Why", DefaultValueFactory = _ => string.Empty };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be kept" };
        var command = new Command("create", "Makes a savepoint: cleaning leaves the commit's files alone from now on.") { table, instant, user, comments, dryRun, TableLocation.OtherWriters() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var options = new SavepointOptions { User = parsed.GetRequiredValue(user), Comments = parsed.GetRequiredValue(comments), DryRun = parsed.GetValue(dryRun) };
            var made = await ProgressLine.OfServiceAsync(parsed, common, context, "Making a savepoint", () => opened.SavepointAsync(parsed.GetValue(instant), options, cancellationToken));
            if (parsed.GetValue(common.Json))
            {
                await ListAsync([made], json: true, context, cancellationToken);
            }
            else
            {
                context.Error.WriteLine(options.DryRun ? $"Would make the savepoint {made.Instant}: {made.Files.Count} files kept." : $"Made the savepoint {made.Instant}: {made.Files.Count} files kept.");
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command MakeDelete(CommandContext context)
    {
        var table = CommonOptions.Table();
        var instant = new Option<string>("--instant") { Description = "The savepoint's commit", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be deleted" };
        var command = new Command("delete", "Deletes a savepoint; its commit stays, but is no longer kept from cleaning.") { table, instant, dryRun, TableLocation.OtherWriters() };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var named = parsed.GetRequiredValue(instant);
            if (parsed.GetValue(dryRun))
            {
                var there = (await opened.GetSavepointsAsync(cancellationToken)).FirstOrDefault(s => s.Instant == named);
                context.Error.WriteLine(there is null ? $"There is no savepoint {named}." : $"Would delete the savepoint {named}: {there.Files.Count} files no longer kept.");
                return ExitCodes.Done;
            }

            await opened.DeleteSavepointAsync(named, cancellationToken);
            context.Error.WriteLine($"Deleted the savepoint {named}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command MakeList(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var command = new Command("list", "Lists a table's savepoints.") { table };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            await ListAsync(await opened.GetSavepointsAsync(cancellationToken), parsed.GetValue(common.Json), context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Task ListAsync(IReadOnlyList<Savepoint> savepoints, bool json, CommandContext context, CancellationToken cancellationToken)
    {
        var listing = new Listing("instant", "created", "user", "comments", "files");
        foreach (var savepoint in savepoints)
        {
            listing.Add(savepoint.Instant, savepoint.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), savepoint.User, savepoint.Comments, savepoint.Files.Count);
        }

        return listing.WriteAsync(context, json, cancellationToken);
    }
}
