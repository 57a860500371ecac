using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse timeline</c></summary>
internal static class TimelineCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var archived = new Option<bool>("--archived") { Description = "Also what was archived, before the active instants" };
        var command = new Command("timeline", "Lists what happened to a table: each instant of its active timeline, what it did and whether it is complete.") { table, archived };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var state = await opened.RefreshAsync(withCompletionTimes: true, cancellationToken);
            var listing = new Listing("instant", "completed", "action", "state", "operation", "written", "inserted", "updated", "deleted", "files", "bytes");
            if (parsed.GetValue(archived))
            {
                var active = state.Timeline.Instants.Where(i => i.IsCompleted).Select(i => (i.RequestedTime, i.Action)).ToHashSet();
                foreach (var instant in (await state.Client.ReadArchivedAsync(withContent: true, cancellationToken: cancellationToken)).Instants)
                {
                    if (!active.Contains((instant.RequestedTime, instant.Instant.Action)))
                    {
                        Add(listing, instant.Instant, "archived", instant.Commit);
                    }
                }
            }

            foreach (var instant in state.Timeline.Instants)
            {
                var commit = instant.IsCompleted && Actions.IsWrite(instant.Action) ? await state.Client.ReadCommitMetadataAsync(instant, cancellationToken) : null;
                Add(listing, instant, instant.State.ToString().ToLowerInvariant(), commit);
            }

            await listing.WriteAsync(context, parsed.GetValue(common.Json), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static void Add(Listing listing, Instant instant, string state, CommitMetadata? commit)
    {
        if (commit is null)
        {
            listing.Add(instant.RequestedTime, instant.CompletionTime, instant.Action, state, null, null, null, null, null, null, null);
            return;
        }

        var stats = commit.PartitionToWriteStats.Values.SelectMany(s => s).ToList();
        listing.Add(
            instant.RequestedTime, instant.CompletionTime, instant.Action, state, commit.OperationType,
            stats.Sum(s => s.NumWrites), stats.Sum(s => s.NumInserts), stats.Sum(s => s.NumUpdateWrites), stats.Sum(s => s.NumDeletes), stats.Count, stats.Sum(s => s.TotalWriteBytes));
    }
}
