using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.C;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.Sql;

/// <summary>Batches as a view of a DuckDB connection, read once and without copies (duckdb_arrow_scan of DuckDB's C API, which DuckDB.NET does not have).</summary>
internal sealed class ArrowInput : IDisposable
{
    private readonly Stream batches;
    private unsafe CArrowArrayStream* exported;

    private ArrowInput(Stream batches) => this.batches = batches;

    /// <summary>What ended the batches early; DuckDB itself only tells that they ended so.</summary>
    public Exception? Failure => batches.Failure;

    /// <summary>Makes a temporary table of the batches, in place of one that has the name.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="table">The table's name, for SQL.</param>
    /// <param name="view">A name for the view of them meanwhile.</param>
    /// <param name="schema">Of the batches.</param>
    /// <param name="select">From the view's columns, as DuckDB has them, to the table's.</param>
    /// <param name="rows">The batches; each is disposed when DuckDB is done with it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static async Task CreateTableAsync(
        DuckSession session, string table, string view, Schema schema, Func<IReadOnlyList<DuckField>, string> select, IAsyncEnumerable<RecordBatch> rows, CancellationToken cancellationToken)
    {
        await using var batches = rows.GetAsyncEnumerator(cancellationToken);
        using var input = Open(session, view, schema, batches);
        var from = SqlText.Identifier(view);
        try
        {
            var columns = select(session.Describe(from));
            await Task.Run(() => session.Execute($"CREATE OR REPLACE TEMPORARY TABLE {table} AS SELECT {columns} FROM {from}"), cancellationToken);
        }
        catch (DuckDBException) when (input.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
        finally
        {
            session.Execute($"DROP VIEW IF EXISTS {from}");
        }
    }

    /// <summary>Makes the view.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="view">The view's name; dropped by the caller.</param>
    /// <param name="schema">Of the batches.</param>
    /// <param name="rows">The batches; each is disposed when DuckDB is done with it.</param>
    private static unsafe ArrowInput Open(DuckSession session, string view, Schema schema, IAsyncEnumerator<RecordBatch> rows)
    {
        var input = new ArrowInput(new Stream(schema, rows));
        input.exported = CArrowArrayStream.Create();
        CArrowArrayStreamExporter.ExportArrayStream(input.batches, input.exported);
        if (duckdb_arrow_scan(session.Connection.NativeConnection.DangerousGetHandle(), view, input.exported) != 0)
        {
            input.Dispose();
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "DuckDB does not take Arrow batches", remedy: "Use the DuckDB library that this package brings");
        }

        return input;
    }

    public unsafe void Dispose()
    {
        if (exported is not null)
        {
            CArrowArrayStream.Free(exported);
            exported = null;
        }
    }

    [DllImport("duckdb")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern unsafe int duckdb_arrow_scan(nint connection, [MarshalAs(UnmanagedType.LPUTF8Str)] string view, CArrowArrayStream* batches);

    private sealed class Stream(Schema schema, IAsyncEnumerator<RecordBatch> rows) : IArrowArrayStream
    {
        public Exception? Failure { get; private set; }

        public Schema Schema => schema;

        public async ValueTask<RecordBatch> ReadNextRecordBatchAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                return await rows.MoveNextAsync() ? rows.Current : null!;
            }
            catch (Exception e)
            {
                Failure = e;
                throw;
            }
        }

        public void Dispose()
        {
        }
    }
}
