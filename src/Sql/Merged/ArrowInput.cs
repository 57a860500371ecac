using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.C;
using Apache.Arrow.Ipc;

namespace OllaLab.Lakehouse.Sql;

/// <summary>Batches as a view of a DuckDB connection, read once and without copies (duckdb_arrow_scan of DuckDB's C API, which DuckDB.NET does not have).</summary>
internal sealed class ArrowInput : IDisposable
{
    private readonly Stream batches;
    private unsafe CArrowArrayStream* exported;

    private ArrowInput(Stream batches) => this.batches = batches;

    /// <summary>What ended the batches early; DuckDB itself only tells that they ended so.</summary>
    public Exception? Failure => batches.Failure;

    /// <summary>Makes the view.</summary>
    /// <param name="session">The connection.</param>
    /// <param name="view">The view's name; dropped by the caller.</param>
    /// <param name="schema">Of the batches.</param>
    /// <param name="rows">The batches; each is disposed when DuckDB is done with it.</param>
    public static unsafe ArrowInput Open(DuckSession session, string view, Schema schema, IAsyncEnumerator<RecordBatch> rows)
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
