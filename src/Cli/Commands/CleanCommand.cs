using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse clean</c></summary>
internal static class CleanCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell which files would be deleted" };
        var options = CommonOptions.KeyValues("--option", "A setting by Hudi's own name, as in hoodie.clean.commits.retained=3");
        var command = new Command("clean", "Deletes old files that no kept commit, savepoint or planned service needs; finishes cleans that were left.") { table, dryRun, options };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = CleanProperties.Read(CommonOptions.Pairs("--option", parsed.GetValue(options)), parsed.GetValue(dryRun));
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var cleans = await ProgressLine.OfServiceAsync(parsed, common, context, "Cleaning", () => opened.CleanAsync(settings, cancellationToken));
            await WriteAsync(cleans, settings.DryRun, parsed.GetValue(common.Json), context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async ValueTask WriteAsync(IReadOnlyList<CleanResult> cleans, bool dryRun, bool json, CommandContext context, CancellationToken cancellationToken)
    {
        if (json || dryRun)
        {
            var listing = new Listing("instant", "earliest_kept", "file");
            foreach (var clean in cleans)
            {
                foreach (var file in clean.Files.Concat(clean.Partitions.Select(p => p + "/")))
                {
                    listing.Add(clean.Instant, clean.EarliestCommitRetained, file);
                }
            }

            await listing.WriteAsync(context, json, cancellationToken);
        }
        else if (cleans.Count == 0)
        {
            context.Error.WriteLine("Nothing to clean.");
        }

        foreach (var clean in json || dryRun ? [] : cleans)
        {
            context.Error.WriteLine($"Cleaned in {clean.Instant}: {clean.Files.Count} files deleted{(clean.Partitions.Count > 0 ? $", {clean.Partitions.Count} partitions gone" : string.Empty)}{(clean.EarliestCommitRetained is { } earliest ? $"; the table as of {earliest} and later can be read" : string.Empty)}.");
        }
    }
}
