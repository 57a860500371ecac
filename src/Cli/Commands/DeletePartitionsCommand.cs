using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse delete-partitions</c></summary>
internal static class DeletePartitionsCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var partitions = new Argument<string[]>("PARTITION") { Description = "Partition paths; an asterisk stands for any characters, as in '2024/*'", Arity = ArgumentArity.OneOrMore };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be deleted" };
        var metadata = CommonOptions.KeyValues("--metadata", "An entry of your own for the commit's metadata");
        var options = CommonOptions.KeyValues("--option", "hoodie.metadata.enable=false drops the table's metadata table first");
        var command = new Command("delete-partitions", "Deletes whole partitions of a table in one commit.") { table, partitions, dryRun, metadata, options };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new DeletePartitionsOptions
            {
                DryRun = parsed.GetValue(dryRun),
                ExtraMetadata = CommonOptions.Pairs("--metadata", parsed.GetValue(metadata)),
                DropMetadataTable = MetadataOption.Drops(CommonOptions.Pairs("--option", parsed.GetValue(options)), "delete-partitions"),
            };
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var done = await ProgressLine.OfServiceAsync(parsed, common, context, "Deleting partitions", () => opened.DeletePartitionsAsync(parsed.GetRequiredValue(partitions), settings, cancellationToken));
            await PrintAsync(done, parsed.GetValue(common.Json), context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    /// <summary>What was deleted or, in a dry run, would be.</summary>
    public static async Task PrintAsync(DeletePartitionsResult done, bool json, CommandContext context, CancellationToken cancellationToken)
    {
        if (json)
        {
            var listing = new Listing("instant", "completion_time", "partitions", "file_groups", "bytes", "rolled_back");
            listing.Add(done.Instant, done.CompletionTime, string.Join(',', done.Partitions), done.FileGroups, done.Bytes, string.Join(',', done.RolledBack));
            await listing.WriteAsync(context, json: true, cancellationToken);
            return;
        }

        foreach (var dead in done.RolledBack)
        {
            context.Error.WriteLine($"Rolled back {dead}, which a writer left unfinished.");
        }

        var what = $"{done.Partitions.Count} partitions ({string.Join(", ", done.Partitions)}), {done.FileGroups} file groups, {done.Bytes} bytes";
        context.Error.WriteLine(done.Partitions.Count == 0 ? "No partition to delete." : done.Instant is null ? $"Would delete {what}." : $"Commit {done.Instant}: {what} deleted.");
    }
}
