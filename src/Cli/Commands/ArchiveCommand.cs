using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse archive</c></summary>
internal static class ArchiveCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only tell which instants would be archived" };
        var options = CommonOptions.KeyValues("--option", "A setting by Hudi's own name, as in hoodie.keep.max.commits=50");
        var command = new Command("archive", "Moves old instants from a table's active timeline to its archive.") { table, dryRun, options };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = ArchiveProperties.Read(CommonOptions.Pairs("--option", parsed.GetValue(options)), parsed.GetValue(dryRun));
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var archived = (await ProgressLine.OfServiceAsync(parsed, common, context, "Archiving", () => opened.ArchiveAsync(settings, cancellationToken))).Instants;
            if (parsed.GetValue(common.Json) || settings.DryRun)
            {
                var listing = new Listing("instant", "action");
                foreach (var instant in archived)
                {
                    listing.Add(instant.Instant, instant.Action);
                }

                await listing.WriteAsync(context, parsed.GetValue(common.Json), cancellationToken);
            }
            else
            {
                context.Error.WriteLine(archived.Count == 0 ? "Nothing to archive." : $"Archived {archived.Count} instants, up to {archived[^1].Instant}.");
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
