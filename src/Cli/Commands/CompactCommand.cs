using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse compact</c></summary>
internal static class CompactCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var schedule = new Option<bool>("--schedule") { Description = "Only plan, for this or another engine to execute" };
        var execute = new Option<bool>("--execute") { Description = "Only execute what is planned, whichever engine planned it" };
        var options = CommonOptions.KeyValues("--option", "A setting by Hudi's own name, as in hoodie.compaction.strategy=LogFileNumBasedCompactionStrategy");
        var memory = MemoryOption.Make("compaction");
        var command = new Command("compact", "Merges the log files of a merge-on-read table into its base files, now and whatever its triggers say.") { table, schedule, execute, options, memory };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(schedule) && parsed.GetValue(execute))
            {
                throw new UsageException("--schedule and --execute exclude one another: without them the command does both");
            }

            var settings = CompactionProperties.Read(CommonOptions.Pairs("--option", parsed.GetValue(options)));
            await using var opened = await LakehouseTable.OpenAsync(parsed.GetRequiredValue(table), MemoryOption.Resources(parsed.GetValue(memory)), cancellationToken);
            var json = parsed.GetValue(common.Json);
            if (parsed.GetValue(schedule))
            {
                await CompactionOutput.WriteAsync(await opened.ScheduleCompactionAsync(settings, always: true, cancellationToken), json, context, cancellationToken);
            }
            else
            {
                var done = parsed.GetValue(execute) ? await opened.ExecuteCompactionAsync(null, settings, cancellationToken) : await opened.CompactAsync(settings, cancellationToken);
                await CompactionOutput.WriteAsync(done, json, context, cancellationToken);
            }

            return ExitCodes.Done;
        });
        return command;
    }
}
