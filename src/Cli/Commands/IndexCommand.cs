using System.CommandLine;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse index create|run|drop|list|status</c></summary>
internal static class IndexCommand
{
    public static Command Make(CommonOptions common, CommandContext context) => new("index", "Indexes of a table, in its metadata table.")
    {
        MakeCreate(common, context),
        MakeRun(common, context),
        MakeDrop(context),
        MakeList("list", "Lists the indexes of a table.", isStatus: false, common, context),
        MakeList("status", "Says how far the indexes of a table are, and how much they store.", isStatus: true, common, context),
    };

    private static Command MakeCreate(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var kind = new Argument<string>("INDEX") { Description = "record_index, partitioned_record_index, secondary, column_stats, partition_stats or bloom_filters" };
        var column = new Option<string?>("--column") { Description = "The column of a secondary index" };
        var name = new Option<string?>("--name") { Description = "The name of a secondary index; default: idx_ and the column" };
        var schedule = new Option<bool>("--schedule") { Description = "Only plan, for this or another engine to build" };
        var options = CommonOptions.KeyValues("--option", "A setting by Hudi's own name, as in hoodie.metadata.record.index.min.filegroup.count=20");
        var command = new Command("create", "Gives a table an index, which every write keeps right from then on. Writes go on while it is built.") { table, kind, column, name, schedule, options };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new IndexOptions { Column = parsed.GetValue(column), Name = parsed.GetValue(name), Properties = CommonOptions.Pairs("--option", parsed.GetValue(options)) };
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var wanted = Kind(parsed.GetRequiredValue(kind));
            bool json = parsed.GetValue(common.Json);
            if (parsed.GetValue(schedule))
            {
                var instant = await opened.ScheduleIndexAsync(wanted, settings, cancellationToken);
                await SayAsync(json, "instant", instant, instant is null ? "The table has no commit yet: the index is made." : $"Planned the indexing {instant}.", context, cancellationToken);
            }
            else
            {
                var made = await opened.CreateIndexAsync(wanted, settings, cancellationToken);
                await SayAsync(json, "index", made, $"Created the index {made}.", context, cancellationToken);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command MakeRun(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var instant = new Option<string?>("--instant") { Description = "The indexing to execute; default: all that are planned" };
        var options = CommonOptions.KeyValues("--option", "A setting by Hudi's own name, as in hoodie.metadata.record.index.min.filegroup.count=20");
        var command = new Command("run", "Builds indexes that are planned, whichever engine planned them, or whose building was given up.") { table, instant, options };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var done = await opened.ExecuteIndexesAsync(parsed.GetValue(instant), new IndexOptions { Properties = CommonOptions.Pairs("--option", parsed.GetValue(options)) }, cancellationToken);
            await SayAsync(parsed.GetValue(common.Json), "instants", string.Join(',', done), done.Count == 0 ? "No index is planned." : $"Built {string.Join(", ", done)}.", context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command MakeDrop(CommandContext context)
    {
        var table = CommonOptions.Table();
        var name = new Argument<string>("INDEX") { Description = "As 'index list' has it, or the name of a secondary or expression index" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say whether there is one" };
        var command = new Command("drop", "Drops an index, or what is planned of one; it stays away until it is created again.") { table, name, dryRun };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var wanted = parsed.GetRequiredValue(name);
            bool dry = parsed.GetValue(dryRun);
            bool there = dry ? (await opened.GetIndexesAsync(cancellationToken)).Any(i => MetadataPartitions.MeantBy(wanted).Contains(i.Name)) : await opened.DropIndexAsync(wanted, cancellationToken);
            context.Error.WriteLine(there ? $"{(dry ? "Would drop" : "Dropped")} the index {wanted}." : $"There is no index {wanted}.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command MakeList(string name, string description, bool isStatus, CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var command = new Command(name, description) { table };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var opened = await TableLocation.OpenAsync(parsed, table, cancellationToken: cancellationToken);
            var listing = isStatus ? new Listing("index", "state", "instant", "file groups", "files", "bytes") : new Listing("index", "type", "columns", "version", "state");
            foreach (var index in await opened.GetIndexesAsync(cancellationToken))
            {
                if (isStatus)
                {
                    listing.Add(index.Name, index.State, index.Instant, index.FileGroups, index.Files, index.Bytes);
                }
                else
                {
                    listing.Add(index.Name, index.Type, string.Join(',', index.Columns), index.Version, index.State);
                }
            }

            await listing.WriteAsync(context, parsed.GetValue(common.Json), cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static IndexKind Kind(string name) => name.ToLowerInvariant() switch
    {
        "record_index" => IndexKind.RecordLevel,
        "partitioned_record_index" => IndexKind.PartitionedRecordLevel,
        "secondary" or "secondary_index" => IndexKind.Secondary,
        "column_stats" => IndexKind.ColumnStats,
        "partition_stats" => IndexKind.PartitionStats,
        "bloom_filters" => IndexKind.BloomFilters,
        _ => throw new UsageException($"'{name}' is no kind of index: use record_index, partitioned_record_index, secondary, column_stats, partition_stats or bloom_filters"),
    };

    private static async Task SayAsync(bool json, string column, string? value, string text, CommandContext context, CancellationToken cancellationToken)
    {
        if (json)
        {
            var listing = new Listing(column);
            listing.Add(value);
            await listing.WriteAsync(context, json: true, cancellationToken);
            return;
        }

        context.Error.WriteLine(text);
    }
}
