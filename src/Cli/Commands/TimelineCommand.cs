using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse timeline</c></summary>
internal static class TimelineCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var command = new Command("timeline", "Lists what happened to a table: each instant of its active timeline, what it did and whether it is complete.") { table };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await LakehouseTable.OpenAsync(parsed.GetRequiredValue(table), cancellationToken: cancellationToken);
            var state = await opened.RefreshAsync(withCompletionTimes: true, cancellationToken);
            var listing = new Listing("instant", "completed", "action", "state", "operation", "written", "inserted", "updated", "deleted", "files", "bytes");
            foreach (var instant in state.Timeline.Instants)
            {
                if (!instant.IsCompleted || !Timelines.Actions.IsWrite(instant.Action))
                {
                    listing.Add(instant.RequestedTime, instant.CompletionTime, instant.Action, instant.State.ToString().ToLowerInvariant(), null, null, null, null, null, null, null);
                    continue;
                }

                var commit = await state.Client.ReadCommitMetadataAsync(instant, cancellationToken);
                var stats = commit.PartitionToWriteStats.Values.SelectMany(s => s).ToList();
                listing.Add(
                    instant.RequestedTime, instant.CompletionTime, instant.Action, instant.State.ToString().ToLowerInvariant(), commit.OperationType,
                    stats.Sum(s => s.NumWrites), stats.Sum(s => s.NumInserts), stats.Sum(s => s.NumUpdateWrites), stats.Sum(s => s.NumDeletes), stats.Count, stats.Sum(s => s.TotalWriteBytes));
            }

            await listing.WriteAsync(context, parsed.GetValue(common.Json), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
