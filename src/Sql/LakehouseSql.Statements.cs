using System.Data.Common;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using DuckDB.NET.Data;
using OllaLab.Lakehouse.Sql;

namespace OllaLab.Lakehouse;

/// <content>Running statements.</content>
public sealed partial class LakehouseSql
{
    /// <summary>Runs a statement and gives its rows.</summary>
    /// <param name="sql">Any statement of DuckDB. Of several, none is pruned. <c>EXPLAIN</c> has a row <c>lakehouse</c> more, which says what was pruned.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>A reader over the whole result, which DuckDB holds. The caller disposes it.</returns>
    /// <exception cref="LakehouseException">A table that the statement names cannot be read, or not by SQL.</exception>
    /// <exception cref="DuckDBException">The statement is wrong or fails.</exception>
    public Task<DbDataReader> ExecuteReaderAsync(string sql, CancellationToken cancellationToken = default) => RunAsync<DbDataReader>(
        sql,
        statement => statement.IsExplain ? Explain(sql, statement.Pruning) : Run(Command(sql), c => c.ExecuteReader(), cancellationToken),
        cancellationToken);

    /// <summary>Runs a statement for what it does: COPY, CREATE TABLE AS, INSERT, SET.</summary>
    /// <param name="sql">Any statement of DuckDB.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>The rows written, where DuckDB counts them.</returns>
    /// <inheritdoc cref="ExecuteReaderAsync" path="/exception"/>
    public Task<long> ExecuteAsync(string sql, CancellationToken cancellationToken = default) => RunAsync<long>(
        sql,
        _ =>
        {
            using var command = Command(sql);
            return Run(command, c => c.ExecuteNonQuery(), cancellationToken);
        },
        cancellationToken);

    /// <summary>Runs a statement and streams its rows as Arrow batches of up to 2 048 rows.</summary>
    /// <param name="sql">Any statement of DuckDB that gives rows.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches, which the caller disposes. Another statement on the connection may end the stream with an error.</returns>
    /// <inheritdoc cref="ExecuteReaderAsync" path="/exception"/>
    public async IAsyncEnumerable<RecordBatch> QueryAsync(string sql, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var command = Command(sql);
        using var stream = await RunAsync(
            sql,
            statement =>
            {
                // The view is set back after a pruned statement, which would end a stream: DuckDB then holds the result.
                command.UseStreamingMode = !statement.IsPruned;
                return Run(command, c => c.ExecuteArrowStream(), cancellationToken);
            },
            cancellationToken);
        while (await stream.ReadNextRecordBatchAsync(cancellationToken) is { } batch)
        {
            yield return batch;
        }
    }

    private static T Run<T>(DuckDBCommand command, Func<DuckDBCommand, T> execute, CancellationToken cancellationToken)
    {
        using var cancel = cancellationToken.Register(command.Cancel);
        try
        {
            return execute(command);
        }
        catch (DuckDBException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(e.Message, e, cancellationToken);
        }
    }

    private DuckDBCommand Command(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    // DuckDB works on the thread that calls it.
    private async Task<T> RunAsync<T>(string sql, Func<Statement, T> run, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(sql);
        await running.WaitAsync(cancellationToken);
        try
        {
            var statement = await Statement.PrepareAsync(session, selects, pruning, [.. tables.Values], sql, cancellationToken);
            try
            {
                return await Task.Run(() => run(statement), cancellationToken);
            }
            finally
            {
                statement.SetBack(session);
            }
        }
        finally
        {
            running.Release();
        }
    }

    private DuckDBDataReader Explain(string sql, IReadOnlyList<string> pruned)
    {
        var rows = new List<string>();
        using (var command = Command(sql))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                rows.Add($"({Filtering.SqlText.Text(reader.GetString(0))}, {Filtering.SqlText.Text(reader.GetString(1))})");
            }
        }

        rows.Add($"('lakehouse', {Filtering.SqlText.Text(string.Join('\n', pruned))})");
        return Command($"SELECT * FROM (VALUES {string.Join(", ", rows)}) AS plan(explain_key, explain_value)").ExecuteReader();
    }
}
