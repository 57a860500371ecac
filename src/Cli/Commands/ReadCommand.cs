using System.CommandLine;
using Apache.Arrow;
using OllaLab.Lakehouse.Cli.Output;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse read</c></summary>
internal static class ReadCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var table = CommonOptions.Table();
        var query = new Option<string>("--query") { Description = "snapshot|read_optimized|incremental|cdc", HelpName = "QUERY", DefaultValueFactory = _ => "snapshot" };
        query.AcceptOnlyFromAmong("snapshot", "incremental", "read_optimized", "cdc");
        var asOf = new Option<string?>("--as-of") { Description = "The table as it was: an instant, a completion time, or a time such as 2026-11-01T10:00:00Z", HelpName = "T" };
        var begin = new Option<string?>("--begin") { Description = "Incremental, cdc: changes after this time (exclusive); 000 is the beginning", HelpName = "T" };
        var end = new Option<string?>("--end") { Description = "Incremental, cdc: changes up to this time (inclusive)", HelpName = "T" };
        var columns = CommonOptions.List("--columns", "Columns in the order wanted; default: all", "COLUMNS");
        var where = new Option<string?>("--where") { Description = "A condition in SQL, as in \"fare > 10 and city in ('oslo', 'lisbon')\"", HelpName = "SQL" };
        var form = new Option<string>("--partition-columns") { Description = "stored|spark: in which form partition columns are shown where Spark shows them otherwise than they are stored", HelpName = "FORM", DefaultValueFactory = _ => "spark" };
        form.AcceptOnlyFromAmong("spark", "stored");
        var option = ReadProperties.Option();
        var output = new OutputOptions();
        var command = new Command("read", "Reads the rows of a table.") { table, query, asOf, begin, end, columns, where, form, option };
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(table);
            var kind = parsed.GetValue(query);
            var (from, to) = (parsed.GetValue(begin), parsed.GetValue(end));
            var ranged = kind is "incremental" or "cdc";
            if (!ranged && (from ?? to) is not null)
            {
                throw new UsageException("--begin and --end belong to --query incremental and cdc");
            }

            if (ranged && parsed.GetValue(asOf) is not null)
            {
                throw new UsageException($"--as-of does not go with --query {kind}: use --end");
            }

            var rows = output.Read(parsed, common, context);
            var wanted = CommonOptions.Split(parsed.GetValue(columns));
            await using var opened = await TableLocation.OpenAsync(path, ReadProperties.Read(parsed.GetValue(option)), cancellationToken);
            if (kind == "cdc")
            {
                if (wanted.Length > 0 || parsed.GetValue(where) is not null)
                {
                    throw new UsageException("--columns and --where do not go with --query cdc");
                }

                var changes = BatchLimit.First(opened.ReadChangesAsync(from ?? "000", to, cancellationToken), rows.Limit);
                await rows.WriteAsync(changes, () => new ValueTask<Schema>(opened.GetChangesSchemaAsync(cancellationToken)), context, cancellationToken);
                return ExitCodes.Done;
            }

            var options = new ReadOptions
            {
                AsOf = parsed.GetValue(asOf),
                ReadOptimized = kind == "read_optimized",
                Begin = kind == "incremental" ? from ?? "000" : null,
                End = to,
                Columns = wanted.Length == 0 ? null : wanted,
                Where = parsed.GetValue(where) is { } sql ? Predicate.Parse(sql) : null,
                Limit = rows.Limit,
                PartitionColumns = parsed.GetValue(form) == "stored" ? PartitionColumnForm.Stored : PartitionColumnForm.Spark,
            };
            await rows.WriteAsync(opened.ReadAsync(options, cancellationToken), () => new ValueTask<Schema>(opened.GetSchemaAsync(options, cancellationToken)), context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }
}
