using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse ttl</c></summary>
internal static class TtlCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var days = new Option<int?>("--days") { Description = "Days after which a partition expires", HelpName = "DAYS" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be deleted" };
        var options = CommonOptions.KeyValues("--option", "A setting by Hudi's own name, as in hoodie.partition.ttl.management.strategy.type=KEEP_BY_CREATION_TIME");
        var command = new Command("ttl", "Deletes the partitions of a table whose time is over.") { table, days, dryRun, options };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = TtlProperties.Read(CommonOptions.Pairs("--option", parsed.GetValue(options))) with { DryRun = parsed.GetValue(dryRun) };
            settings = settings with { DaysRetained = parsed.GetValue(days) ?? settings.DaysRetained };
            if (settings.DaysRetained <= 0)
            {
                throw new UsageException("--days, or --option hoodie.partition.ttl.strategy.days.retain: how many days a partition lives is needed, and at least 1");
            }

            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var done = await ProgressLine.OfServiceAsync(parsed, common, context, "Deleting partitions", () => opened.ExpirePartitionsAsync(settings, cancellationToken));
            await DeletePartitionsCommand.PrintAsync(done, parsed.GetValue(common.Json), context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
