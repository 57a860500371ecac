using System.IO.Pipelines;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Text;

/// <summary>
/// Reads JSON lines (one object a line, UTF-8) into Arrow batches of a given schema. A field that is not given is null. What does not fit the schema is
/// <see cref="LakehouseErrorKind.InvalidInput"/> with line, field and value.
/// </summary>
internal static class JsonLinesReader
{
    private static readonly StreamPipeReaderOptions Pipe = new(bufferSize: 128 << 10, minimumReadSize: 32 << 10, leaveOpen: true);

    /// <summary>Streams the batches; the caller disposes each. The stream stays open.</summary>
    public static IAsyncEnumerable<RecordBatch> ReadAsync(Stream stream, Schema schema, JsonLinesOptions? options = null, CancellationToken cancellationToken = default) =>
        ReadAsync(PipeReader.Create(stream, Pipe), schema, options, cancellationToken);

    /// <summary>Streams the batches; the caller disposes each. The pipe is completed at the end.</summary>
    public static IAsyncEnumerable<RecordBatch> ReadAsync(PipeReader reader, Schema schema, JsonLinesOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= JsonLinesOptions.Default;
        var pump = new LinePump(new JsonLinesParser(schema, options), options.BatchRows, options.BatchBytes, options.MaxLineBytes, options.Source, quotes: false);
        return pump.RunAsync(reader, cancellationToken);
    }
}
