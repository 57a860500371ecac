using System.CommandLine;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse files</c></summary>
internal static class FilesCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var asOf = new Option<string?>("--as-of") { Description = "The files as they were: an instant, a completion time, or a time such as 2026-11-01T10:00:00Z", HelpName = "T" };
        var where = new Option<string?>("--where") { Description = "Only files that may hold rows for which this holds, as far as partition paths and the metadata table tell: \"fare > 10 and city = 'oslo'\"", HelpName = "SQL" };
        var option = ReadProperties.Option();
        var command = new Command("files", "Lists the files that hold a table's rows.") { table, asOf, where, option };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed.GetRequiredValue(table), ReadProperties.Read(parsed.GetValue(option)), cancellationToken);
            var time = parsed.GetValue(asOf);
            var state = await opened.RefreshAsync(withCompletionTimes: time is not null, cancellationToken);
            var listing = new Listing("partition", "file_group", "instant", "file", "bytes");
            var slices = parsed.GetValue(where) is { } condition
                ? (await opened.PlanAsync(new ReadOptions { AsOf = time, Where = Predicate.Parse(condition) }, cancellationToken)).Slices
                : await state.View.GetAllSlicesAsync(time is null ? null : state.Timeline.AsOf(time), cancellationToken);
            foreach (var slice in slices)
            {
                if (slice.Base is { } file)
                {
                    listing.Add(slice.PartitionPath, slice.FileId, file.Instant, file.FileName, file.Length);
                }

                foreach (var log in slice.Logs)
                {
                    listing.Add(slice.PartitionPath, slice.FileId, slice.BaseInstant, log.FileName, log.Length);
                }
            }

            await listing.WriteAsync(context, parsed.GetValue(common.Json), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
