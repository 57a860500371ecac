using System.IO.Pipelines;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Text;

/// <summary>
/// Reads JSON lines (one object a line, UTF-8) into Arrow batches of a given schema. A field that is not given is null. What does not fit the schema is
/// <see cref="LakehouseErrorKind.InvalidInput"/> with line, field and value.
/// </summary>
internal static class JsonLinesReader
{
    /// <summary>Streams the batches; the caller disposes each. The stream stays open.</summary>
    public static IAsyncEnumerable<RecordBatch> ReadAsync(Stream stream, Schema schema, JsonLinesOptions? options = null, CancellationToken cancellationToken = default) =>
        Pump(schema, options ?? JsonLinesOptions.Default).RunAsync(stream, cancellationToken);

    /// <summary>Streams the batches; the caller disposes each. The pipe is completed at the end.</summary>
    public static IAsyncEnumerable<RecordBatch> ReadAsync(PipeReader reader, Schema schema, JsonLinesOptions? options = null, CancellationToken cancellationToken = default) =>
        Pump(schema, options ?? JsonLinesOptions.Default).RunAsync(reader, cancellationToken);

    private static LinePump Pump(Schema schema, JsonLinesOptions options) => new(new JsonLinesParser(schema, options), options, quotes: false);
}
