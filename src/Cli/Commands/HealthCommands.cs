using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse validate</c>, <c>lakehouse repair</c> and <c>lakehouse stats</c></summary>
internal static class HealthCommands
{
    public static Command MakeValidate(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var keys = new Option<bool>("--no-keys") { Description = "Does not read all keys to find those that are stored twice" };
        var command = new Command("validate", "Holds a table against itself: properties, timeline, files, commits, metadata table, keys. Prints what is wrong, and fails where something is.") { table, keys };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var problems = await opened.ValidateAsync(new ValidateOptions { CheckKeys = !parsed.GetValue(keys) }, cancellationToken);
            await ListAsync(problems, parsed.GetValue(common.Json), context, cancellationToken);
            context.Error.WriteLine(problems.Count == 0 ? "The table is right." : $"{problems.Count} problems; 'repair' puts {problems.Count(p => p.IsRepairable)} of them right.");
            return problems.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    public static Command MakeRepair(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show what would be put right" };
        var command = new Command("repair", "Puts right in a table what can be without guessing. Stop other writers before.") { table, dryRun };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var repaired = await opened.RepairAsync(new RepairOptions { DryRun = parsed.GetValue(dryRun) }, cancellationToken);
            await ListAsync(repaired, parsed.GetValue(common.Json), context, cancellationToken);
            context.Error.WriteLine($"{repaired.Count} problems {(parsed.GetValue(dryRun) ? "would be" : "were")} put right.");
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command MakeStatistics(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var command = new Command("stats", "Counts a table's files, and what its commits wrote for the rows they changed.") { table };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var found = await opened.GetStatisticsAsync(cancellationToken);
            (string Name, object? Value)[] all =
            [
                ("partitions", found.Partitions), ("file_groups", found.FileGroups), ("base_files", found.BaseFiles), ("base_bytes", found.BaseBytes), ("log_files", found.LogFiles), ("log_bytes", found.LogBytes),
                ("small_files", found.SmallFiles), ("old_files", found.OldFiles), ("old_bytes", found.OldBytes), ("commits", found.Commits), ("rows_changed", found.RowsChanged), ("rows_written", found.RowsWritten),
                ("write_amplification", found.WriteAmplification is { } w ? Math.Round(w, 2) : null), ("pending", string.Join(", ", found.Pending.Select(p => $"{p.Value} {p.Key}"))), ("savepoints", found.Savepoints),
            ];
            var json = parsed.GetValue(common.Json);
            var listing = json ? new Listing([.. all.Select(a => a.Name)]) : new Listing("what", "value");
            if (json)
            {
                listing.Add([.. all.Select(a => a.Value)]);
            }
            else
            {
                foreach (var (name, value) in all)
                {
                    listing.Add(name.Replace('_', ' '), value);
                }
            }

            await listing.WriteAsync(context, json, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task ListAsync(IReadOnlyList<TableProblem> problems, bool json, CommandContext context, CancellationToken cancellationToken)
    {
        if (problems.Count == 0 && !json)
        {
            return;
        }

        var listing = new Listing("kind", "problem", "path", "instant", "repairable");
        foreach (var problem in problems)
        {
            listing.Add(problem.Kind.ToString(), problem.Problem, problem.Path, problem.Instant, problem.IsRepairable);
        }

        await listing.WriteAsync(context, json, cancellationToken);
    }
}
