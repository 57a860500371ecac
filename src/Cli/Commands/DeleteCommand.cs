using System.CommandLine;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse delete</c> and <c>lakehouse update</c></summary>
internal static class DeleteCommand
{
    public static Command Make(CommonOptions common, CommandContext context)
    {
        var where = Where(required: true);
        return Make("delete", "Deletes the rows that a condition selects, in one commit.", where, null, (table, parsed, options, token) => table.DeleteAsync(Predicate.Parse(parsed.GetRequiredValue(where)!), options, token), common, context);
    }

    public static Command MakeUpdate(CommonOptions common, CommandContext context)
    {
        var where = Where(required: false);
        var set = new Option<string>("--set") { Description = "Columns with what they become, in expressions of DuckDB over the row: \"a = b + 1, c = upper(c)\"", Required = true };
        return Make("update", "Sets columns of the rows that a condition selects, in one commit.", where, set, (table, parsed, options, token) => SqlAsync(table, parsed.GetRequiredValue(set), parsed.GetValue(where), options, token), common, context);
    }

    // Apart, so that DuckDB is loaded for updates only.
    private static Task<WriteResult> SqlAsync(LakehouseTable table, string set, string? where, WriteOptions options, CancellationToken cancellationToken) => table.UpdateAsync(set, where, options, cancellationToken);

    private static Option<string?> Where(bool required) => new("--where") { Description = required ? "Which rows" : "Which rows; default: all", Required = required };

    private static Command Make(
        string name,
        string description,
        Option<string?> where,
        Option<string>? set,
        Func<LakehouseTable, ParseResult, WriteOptions, CancellationToken, Task<WriteResult>> run,
        CommonOptions common,
        CommandContext context)
    {
        var table = CommonOptions.Table();
        var metadata = CommonOptions.KeyValues("--metadata", "An entry of your own for the commit's metadata");
        var options = CommonOptions.KeyValues("--option", "A write setting by Hudi's own name, as in hoodie.parquet.max.file.size=134217728");
        var memory = MemoryOption.Make(name);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say how many rows there are" };
        var command = new Command(name, description) { table, where, dryRun, metadata, options, memory };
        if (set is not null)
        {
            command.Add(set);
        }

        command.SetAction(async (parsed, cancellationToken) =>
        {
            var pairs = CommonOptions.Pairs("--option", parsed.GetValue(options));
            await using var opened = await TableLocation.OpenAsync(parsed.GetRequiredValue(table), MemoryOption.Resources(parsed.GetValue(memory), parsed), cancellationToken);
            var result = parsed.GetValue(dryRun)
                ? new WriteResult { InputRows = await CountAsync(opened, parsed.GetValue(where), cancellationToken) }
                : await run(opened, parsed, WriteProperties.Read(pairs, null, CommonOptions.Pairs("--metadata", parsed.GetValue(metadata)), false), cancellationToken);
            await WriteCommand.PrintAsync(result, parsed.GetValue(common.Json), context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task<long> CountAsync(LakehouseTable table, string? where, CancellationToken cancellationToken)
    {
        // One column is enough to count by; one of the table's own is there whatever the table stores besides.
        var column = (await (await table.RefreshAsync(cancellationToken: cancellationToken)).GetSchemaAsync(cancellationToken: cancellationToken)).Arrow.FieldsList[0].Name;
        long rows = 0;
        await foreach (var batch in table.ReadAsync(new ReadOptions { Where = where is null ? null : Predicate.Parse(where), Columns = [column] }, cancellationToken))
        {
            rows += batch.Length;
            batch.Dispose();
        }

        return rows;
    }
}
