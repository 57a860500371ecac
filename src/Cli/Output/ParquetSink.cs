using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>A Parquet file. Meta columns, if asked for, are columns like others.</summary>
internal sealed class ParquetSink : IRowSink
{
    private const int RowGroupRows = 122_880;

    private readonly ParquetFileWriter _writer;
    private readonly List<RecordBatch> _group = [];
    private int _rows;

    public ParquetSink(Stream stream, Schema schema) => _writer = new ParquetFileWriter(stream, new ParquetOutputSchema(schema, "schema"));

    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        // The caller disposes the batch once this returns.
        _group.Add(Kernels.Compact(batch));
        _rows += batch.Length;
        if (_rows >= RowGroupRows)
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
        _group.ForEach(batch => batch.Dispose());
        _group.Clear();
        return ValueTask.CompletedTask;
    }

    private async ValueTask EndGroupAsync(CancellationToken cancellationToken)
    {
        if (_rows > 0)
        {
            using var encoded = RowGroupEncoder.Encode(_writer.Schema, _writer.Options, _group);
            await _writer.AppendAsync(encoded, cancellationToken);
        }

        await DisposeAsync();
        _rows = 0;
    }
}
