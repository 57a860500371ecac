using Apache.Arrow;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>Writes the rows of a read or a query in the format asked for.</summary>
internal sealed record RowOutput(OutputFormat Format, string? File, char Delimiter, long? Limit, Func<Func<string>, ProgressLine?> StartProgress)
{
    /// <param name="batches">Disposed here.</param>
    /// <param name="schema">The columns, asked for only when there is no batch to show them.</param>
    /// <param name="context">Where to write.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task WriteAsync(IAsyncEnumerable<RecordBatch> batches, Func<ValueTask<Schema>> schema, CommandContext context, CancellationToken cancellationToken)
    {
        var written = 0L;
        await using var progress = StartProgress(() => $"Reading: {ProgressLine.Rows(Interlocked.Read(ref written))}");
        await using var rows = batches.GetAsyncEnumerator(cancellationToken);

        // What fails before the first row leaves an existing output file alone.
        var more = await rows.MoveNextAsync();
        await using var stream = OutputStream.Open(context, File);
        await using var sink = Make(stream, more ? rows.Current.Schema : await schema(), context);
        for (; more && !(Format == OutputFormat.Table && Limit is null && written > TableSink.DefaultRows); more = await rows.MoveNextAsync())
        {
            using var batch = rows.Current;
            await sink.WriteAsync(batch, cancellationToken);
            Interlocked.Add(ref written, batch.Length);
        }

        await sink.CompleteAsync(cancellationToken);
    }

    private IRowSink Make(Stream stream, Schema schema, CommandContext context) => Format switch
    {
        OutputFormat.JsonLines => new JsonLinesSink(stream, schema),
        OutputFormat.Csv => new CsvSink(stream, schema, Delimiter),
        OutputFormat.Parquet => new ParquetSink(stream, schema),
        _ => new TableSink(stream, schema, Limit ?? TableSink.DefaultRows, context.Error),
    };
}
