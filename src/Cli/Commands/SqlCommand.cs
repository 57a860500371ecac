using System.CommandLine;
using Apache.Arrow;
using OllaLab.Lakehouse.Cli.Output;
using OllaLab.Lakehouse.Rows;
using OllaLab.Lakehouse.Sql;

namespace OllaLab.Lakehouse.Cli.Commands;

/// <summary><c>lakehouse sql</c>. The only command that loads DuckDB.</summary>
internal static class SqlCommand
{
    /// <summary>Statements that do something and give no rows.</summary>
    private static readonly string[] Doing =
    [
        "COPY", "CREATE", "INSERT", "UPDATE", "DELETE", "DROP", "ALTER", "SET", "RESET", "ATTACH", "DETACH", "USE", "INSTALL", "LOAD", "EXPORT", "IMPORT", "VACUUM", "ANALYZE", "CHECKPOINT",
    ];

    public static Command Make(CommonOptions common, CommandContext context)
    {
        var query = new Argument<string>("SQL") { Description = "A statement of DuckDB; EXPLAIN also shows which files were ruled out" };
        var tables = new Option<string[]>("--table") { Description = "A table under a name, any number of times", HelpName = "name=TABLE", Arity = ArgumentArity.OneOrMore };
        var asOf = new Option<string[]>("--as-of") { Description = "A named table as it was at a time", HelpName = "name=T", Arity = ArgumentArity.OneOrMore };
        var optimized = new Option<string[]>("--read-optimized") { Description = "A merge-on-read table under a name, its base files alone", HelpName = "name=TABLE", Arity = ArgumentArity.OneOrMore };
        var changes = new Option<string[]>("--changes") { Description = "The change feed of a table under a name: op, ts_ms, before, after", HelpName = "name=TABLE", Arity = ArgumentArity.OneOrMore };
        var begin = new Option<string[]>("--begin") { Description = "A named change feed after this time (exclusive); default: the beginning", HelpName = "name=T", Arity = ArgumentArity.OneOrMore };
        var end = new Option<string[]>("--end") { Description = "A named change feed up to this time (inclusive)", HelpName = "name=T", Arity = ArgumentArity.OneOrMore };
        var option = ReadProperties.Option();
        var output = new OutputOptions();
        var command = new Command("sql", "Asks tables in SQL.") { query, tables, asOf, optimized, changes, begin, end, option };
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var names = new Names(
                CommonOptions.Pairs("--table", parsed.GetValue(tables)),
                CommonOptions.Pairs("--as-of", parsed.GetValue(asOf)),
                CommonOptions.Pairs("--read-optimized", parsed.GetValue(optimized)),
                CommonOptions.Pairs("--changes", parsed.GetValue(changes)),
                CommonOptions.Pairs("--begin", parsed.GetValue(begin)),
                CommonOptions.Pairs("--end", parsed.GetValue(end)));
            names.Check();
            var rows = output.Read(parsed, common, context);
            await RunAsync(parsed.GetRequiredValue(query), names, ReadProperties.Read(parsed.GetValue(option)), rows, context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(string text, Names names, LakehouseOptions options, RowOutput rows, CommandContext context, CancellationToken cancellationToken)
    {
        var opened = new List<LakehouseTable>();
        try
        {
            await using var sql = LakehouseSql.Open();
            async ValueTask<LakehouseTable> OpenAsync(string path)
            {
                opened.Add(await TableLocation.OpenAsync(path, options, cancellationToken));
                return opened[^1];
            }

            foreach (var (name, path) in names.Tables)
            {
                sql.Register(name, await OpenAsync(path), names.AsOf.GetValueOrDefault(name));
            }

            foreach (var (name, path) in names.ReadOptimized)
            {
                sql.RegisterReadOptimized(name, await OpenAsync(path), names.AsOf.GetValueOrDefault(name));
            }

            foreach (var (name, path) in names.Changes)
            {
                await sql.LoadChangeFeedAsync(name, await OpenAsync(path), names.Begin.GetValueOrDefault(name, "000"), names.End.GetValueOrDefault(name), cancellationToken);
            }

            if (System.Array.IndexOf(Doing, FirstWord(text)) >= 0)
            {
                var affected = await sql.ExecuteAsync(text, cancellationToken);
                context.Error.WriteLine(affected > 0 ? $"Done: {affected} rows." : "Done.");
                return;
            }

            // EXPLAIN has a row of ours, which the stream of batches lacks.
            var batches = ExplainPrefix.Strip(text) is null ? sql.QueryAsync(text, cancellationToken) : ExplainAsync(sql, text, cancellationToken);
            await rows.WriteAsync(BatchLimit.First(batches, rows.Limit), () => ColumnsAsync(sql, text, cancellationToken), context, cancellationToken);
        }
        finally
        {
            foreach (var table in opened)
            {
                await table.DisposeAsync();
            }
        }
    }

    private static async IAsyncEnumerable<RecordBatch> ExplainAsync(LakehouseSql sql, string text, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await sql.ExecuteReaderAsync(text, cancellationToken);
        await foreach (var batch in DataReaderBatches.ReadAsync(reader, DataReaderBatches.InferSchema(reader), cancellationToken: cancellationToken))
        {
            yield return batch;
        }
    }

    /// <summary>The columns of a result without rows. Only a query is asked again: anything else has done its work.</summary>
    private static async ValueTask<Schema> ColumnsAsync(LakehouseSql sql, string text, CancellationToken cancellationToken)
    {
        if (FirstWord(text) is not ("SELECT" or "WITH" or "FROM" or "VALUES" or "TABLE"))
        {
            return new Schema([], null);
        }

        await using var reader = await sql.ExecuteReaderAsync(text, cancellationToken);
        return DataReaderBatches.InferSchema(reader);
    }

    private static string FirstWord(string text) => new string([.. text.TrimStart(' ', '\t', '\r', '\n', '(').TakeWhile(char.IsAsciiLetter)]).ToUpperInvariant();

    private sealed record Names(
        Dictionary<string, string> Tables,
        Dictionary<string, string> AsOf,
        Dictionary<string, string> ReadOptimized,
        Dictionary<string, string> Changes,
        Dictionary<string, string> Begin,
        Dictionary<string, string> End)
    {
        public void Check()
        {
            Require("--as-of", AsOf, "--table or --read-optimized", [.. Tables.Keys, .. ReadOptimized.Keys]);
            Require("--begin", Begin, "--changes", Changes.Keys);
            Require("--end", End, "--changes", Changes.Keys);
            if (Tables.Keys.Concat(ReadOptimized.Keys).Concat(Changes.Keys).GroupBy(n => n, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            {
                throw new UsageException($"The name {twice.Key} is given twice");
            }
        }

        private static void Require(string option, Dictionary<string, string> given, string owner, IEnumerable<string> known)
        {
            if (given.Keys.Except(known).FirstOrDefault() is { } stranger)
            {
                throw new UsageException($"{option} {stranger}: no {owner} has that name");
            }
        }
    }
}
