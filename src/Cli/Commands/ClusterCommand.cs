using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse cluster</c></summary>
internal static class ClusterCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var order = new Option<string?>("--order") { Description = "Columns to sort by, with commas between", HelpName = "COLUMNS" };
        var layout = new Option<string?>("--layout") { Description = "linear|zorder|hilbert; default: linear", HelpName = "LAYOUT" };
        var schedule = new Option<bool>("--schedule") { Description = "Only plan, for this or another engine to execute" };
        var execute = new Option<bool>("--execute") { Description = "Only execute what is planned, whichever engine planned it" };
        var rollback = new Option<bool>("--rollback") { Description = "Take back what is planned" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be planned" };
        var options = CommonOptions.KeyValues("--option", "A setting by Hudi's own name, as in hoodie.clustering.plan.strategy.target.file.max.bytes=134217728");
        var memory = MemoryOption.Make("clustering");
        var command = new Command("cluster", "Puts a table's small files together, with their rows sorted, now and however many commits came.") { table, order, layout, schedule, execute, rollback, dryRun, options, memory };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (new[] { schedule, execute, rollback, dryRun }.Count(parsed.GetValue) > 1)
            {
                throw new UsageException("--schedule, --execute, --rollback and --dry-run exclude one another: without them the command plans and executes");
            }

            var settings = ClusteringProperties.Read(CommonOptions.Pairs("--option", parsed.GetValue(options)));
            settings = settings with
            {
                SortColumns = parsed.GetValue(order) is { } columns ? ClusteringProperties.List(columns) : settings.SortColumns,
                Layout = parsed.GetValue(layout) is { } name ? ClusteringProperties.Layout("--layout", name) : settings.Layout,
                DryRun = parsed.GetValue(dryRun),
            };
            var resources = MemoryOption.Resources(parsed.GetValue(memory), parsed);
            await using var opened = await TableLocation.OpenAsync(parsed, table, resources, cancellationToken);
            var json = parsed.GetValue(common.Json);
            if (parsed.GetValue(schedule) || parsed.GetValue(rollback))
            {
                await (parsed.GetValue(schedule)
                    ? ClusteringOutput.WritePlannedAsync(await opened.ScheduleClusteringAsync(settings, always: true, cancellationToken), json, context, cancellationToken)
                    : ClusteringOutput.WriteRolledBackAsync(await opened.RollBackClusteringAsync(null, settings, cancellationToken), json, context, cancellationToken));
                return ExitCodes.Done;
            }

            var done = await ProgressLine.OfServiceAsync(
                parsed, common, context, "Clustering", () => parsed.GetValue(execute) ? opened.ExecuteClusteringAsync(null, settings, cancellationToken) : opened.ClusterAsync(settings, cancellationToken), resources);
            await ClusteringOutput.WriteAsync(done, json, context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
