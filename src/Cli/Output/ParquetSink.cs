using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>A Parquet file. Meta columns, if asked for, are columns like others.</summary>
internal sealed class ParquetSink : IRowSink
{
    private const int RowGroupRows = 122_880;

    private readonly ParquetFileWriter _writer;
    private RowGroupEncoder _group;

    public ParquetSink(Stream stream, Schema schema)
    {
        _writer = new ParquetFileWriter(stream, new ParquetOutputSchema(schema, "schema"));
        _group = _writer.NewRowGroup();
    }

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        _group.Add(batch);
        if (_group.Rows >= RowGroupRows)
        {
            await EndGroupAsync(cancellationToken);
        }
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await EndGroupAsync(cancellationToken);
        await _writer.CloseAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _group.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask EndGroupAsync(CancellationToken cancellationToken)
    {
        if (_group.Rows > 0)
        {
            using var encoded = _group.Finish();
            await _writer.AppendAsync(encoded, cancellationToken);
        }

        _group.Dispose();
        _group = _writer.NewRowGroup();
    }
}
