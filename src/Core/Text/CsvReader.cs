using System.IO.Pipelines;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Text;

/// <summary>
/// Reads CSV (RFC 4180, UTF-8, with a header) into Arrow batches of a given schema. An empty field is null, an empty field in quotes an empty text; a column that the file
/// lacks is null; lists, maps and structs are JSON. What does not fit is <see cref="LakehouseErrorKind.InvalidInput"/> with line, column and value.
/// </summary>
internal static class CsvReader
{
    /// <summary>Streams the batches; the caller disposes each. The stream stays open.</summary>
    public static IAsyncEnumerable<RecordBatch> ReadAsync(Stream stream, Schema schema, CsvOptions? options = null, CancellationToken cancellationToken = default) =>
        Pump(schema, options ?? CsvOptions.Default).RunAsync(stream, cancellationToken);

    /// <summary>Streams the batches; the caller disposes each. The pipe is completed at the end.</summary>
    public static IAsyncEnumerable<RecordBatch> ReadAsync(PipeReader reader, Schema schema, CsvOptions? options = null, CancellationToken cancellationToken = default) =>
        Pump(schema, options ?? CsvOptions.Default).RunAsync(reader, cancellationToken);

    private static LinePump Pump(Schema schema, CsvOptions options) => new(new CsvParser(schema, options), options, quotes: true);
}
