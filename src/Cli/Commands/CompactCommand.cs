using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse compact</c> and <c>lakehouse logcompact</c></summary>
internal static class CompactCommand
{
    public static Command Make(CommonOptions common, CommandContext context) => Make(
        "compact",
        "Merges the log files of a merge-on-read table into its base files, now and whatever its triggers say.",
        "hoodie.compaction.strategy=LogFileNumBasedCompactionStrategy",
        (table, options, token) => table.ScheduleCompactionAsync(options, always: true, token),
        (table, options, token) => table.ExecuteCompactionAsync(null, options, token),
        (table, options, token) => table.CompactAsync(options, token),
        common,
        context);

    public static Command MakeLog(CommonOptions common, CommandContext context) => Make(
        "logcompact",
        "Merges the log files of each file group of a merge-on-read table into one log, now, where they have blocks enough.",
        "hoodie.log.compaction.blocks.threshold=3",
        (table, options, token) => table.ScheduleLogCompactionAsync(options, always: true, token),
        (table, options, token) => table.ExecuteLogCompactionAsync(null, options, token),
        (table, options, token) => table.LogCompactAsync(options, token),
        common,
        context);

    private static Command Make(
        string name,
        string description,
        string example,
        Func<LakehouseTable, CompactionOptions, CancellationToken, Task<string?>> plan,
        Func<LakehouseTable, CompactionOptions, CancellationToken, Task<IReadOnlyList<CompactionResult>>> run,
        Func<LakehouseTable, CompactionOptions, CancellationToken, Task<IReadOnlyList<CompactionResult>>> both,
        CommonOptions common,
        CommandContext context)
    {
        var table = CommonOptions.Table();
        var schedule = new Option<bool>("--schedule") { Description = "Only plan, for this or another engine to execute" };
        var execute = new Option<bool>("--execute") { Description = "Only execute what is planned, whichever engine planned it" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be merged" };
        var options = CommonOptions.KeyValues("--option", "A setting by Hudi's own name, as in " + example);
        var memory = MemoryOption.Make("compaction");
        var command = new Command(name, description) { table, schedule, execute, dryRun, options, memory };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (new[] { schedule, execute, dryRun }.Count(parsed.GetValue) > 1)
            {
                throw new UsageException("--schedule, --execute and --dry-run exclude one another: without them the command plans and executes");
            }

            var pairs = CommonOptions.Pairs("--option", parsed.GetValue(options));
            var resources = MemoryOption.Resources(parsed.GetValue(memory), parsed);
            var settings = CompactionProperties.Read(pairs, parsed.GetValue(dryRun));
            await using var opened = await TableLocation.OpenAsync(parsed.GetRequiredValue(table), resources, cancellationToken);
            var json = parsed.GetValue(common.Json);
            if (parsed.GetValue(schedule))
            {
                await CompactionOutput.WriteAsync(await plan(opened, settings, cancellationToken), name, json, context, cancellationToken);
                return ExitCodes.Done;
            }

            var done = await ProgressLine.OfServiceAsync(parsed, common, context, "Compacting", () => (parsed.GetValue(execute) ? run : both)(opened, settings, cancellationToken), resources);
            await CompactionOutput.WriteAsync(done, json, context, cancellationToken, settings.DryRun);
            return ExitCodes.Done;
        });
        return command;
    }
}
