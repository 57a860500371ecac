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
        var output = new OutputOptions();
        var command = new Command("sql", "Asks tables in SQL.") { query, tables, asOf };
        output.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var named = CommonOptions.Pairs("--table", parsed.GetValue(tables));
            var times = CommonOptions.Pairs("--as-of", parsed.GetValue(asOf));
            if (times.Keys.FirstOrDefault(name => !named.ContainsKey(name)) is { } stranger)
            {
                throw new UsageException($"--as-of {stranger}: no --table has that name");
            }

            var rows = output.Read(parsed, common, context);
            await RunAsync(parsed.GetRequiredValue(query), named, times, rows, context, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static async Task RunAsync(string text, Dictionary<string, string> named, Dictionary<string, string> times, RowOutput rows, CommandContext context, CancellationToken cancellationToken)
    {
        var opened = new List<LakehouseTable>();
        try
        {
            await using var sql = LakehouseSql.Open();
            foreach (var (name, path) in named)
            {
                opened.Add(await LakehouseTable.OpenAsync(path, cancellationToken: cancellationToken));
                sql.Register(name, opened[^1], times.GetValueOrDefault(name));
            }

            if (System.Array.IndexOf(Doing, FirstWord(text)) >= 0)
            {
                var affected = await sql.ExecuteAsync(text, cancellationToken);
                context.Error.WriteLine(affected > 0 ? $"Done: {affected} rows." : "Done.");
                return;
            }

            // EXPLAIN has a row of ours, which the stream of batches lacks.
            var batches = ExplainPrefix.Strip(text) is null ? sql.QueryAsync(text, cancellationToken) : ExplainAsync(sql, text, cancellationToken);
            await rows.WriteAsync(Limited(batches, rows.Limit), () => ColumnsAsync(sql, text, cancellationToken), context, cancellationToken);
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

    private static async IAsyncEnumerable<RecordBatch> Limited(IAsyncEnumerable<RecordBatch> batches, long? limit)
    {
        var left = limit ?? long.MaxValue;
        if (left == 0)
        {
            yield break;
        }

        await foreach (var batch in batches)
        {
            if (batch.Length >= left)
            {
                yield return batch.Length == left ? batch : batch.Slice(0, (int)left);
                yield break;
            }

            left -= batch.Length;
            yield return batch;
        }
    }
}
