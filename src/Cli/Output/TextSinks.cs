using Apache.Arrow;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Cli.Output;

internal sealed class JsonLinesSink(Stream stream, Schema schema) : IRowSink
{
    private readonly JsonLinesWriter _writer = new(stream, schema);

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken) => _writer.WriteAsync(batch, cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => _writer.DisposeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class CsvSink(Stream stream, Schema schema, char delimiter) : IRowSink
{
    private readonly CsvWriter _writer = new(stream, schema, new CsvOptions { Delimiter = delimiter });

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken) => _writer.WriteAsync(batch, cancellationToken);

    public ValueTask CompleteAsync(CancellationToken cancellationToken) => _writer.DisposeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
