using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Cli.Input;

/// <summary>Reads the rows to write: JSON lines, CSV or Parquet, from a file or standard input. Hudi's meta columns in the input (an export of a table) are passed over.</summary>
internal static class InputFiles
{
    public const string FormatNames = "jsonl|csv|parquet";

    /// <summary>Streams batches of a schema.</summary>
    public static IAsyncEnumerable<RecordBatch> ReadAsync(
        string file, InputFormat format, char delimiter, Schema schema, InputProgress progress, CommandContext context, CancellationToken cancellationToken)
    {
        var source = file == Files.Standard ? "standard input" : file;
        return format switch
        {
            InputFormat.Csv => WithStream(Open(file, context), progress, s => CsvReader.ReadAsync(s, schema, new CsvOptions { Delimiter = delimiter, Source = source, Ignored = MetaColumns.Names }, cancellationToken)),
            InputFormat.Parquet => ReadParquetAsync(file, progress, context, cancellationToken),
            _ => WithStream(Open(file, context), progress, s => JsonLinesReader.ReadAsync(s, schema, new JsonLinesOptions { Source = source, Ignored = MetaColumns.Names }, cancellationToken)),
        };
    }

    /// <summary>The columns of a file, for <c>--like</c>.</summary>
    public static async Task<Schema> ReadSchemaAsync(string file, CommandContext context, CancellationToken cancellationToken)
    {
        if (Choose(null, file) != InputFormat.Parquet)
        {
            throw new UsageException($"--like takes a Parquet file, whose columns have types; {file} is not one by its name");
        }

        await using var parquet = await OpenParquetAsync(file, context, cancellationToken);
        return WithoutMetaColumns(parquet.Schema);
    }

    public static InputFormat Choose(string? name, string file) => name switch
    {
        "jsonl" or "json" or "ndjson" => InputFormat.JsonLines,
        "csv" => InputFormat.Csv,
        "parquet" => InputFormat.Parquet,
        not null => throw new UsageException($"--input-format {name} is not one of {FormatNames}"),
        null => Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".csv" or ".tsv" => InputFormat.Csv,
            ".parquet" => InputFormat.Parquet,
            ".jsonl" or ".json" or ".ndjson" or "" => InputFormat.JsonLines,
            _ => throw new UsageException($"the format of {file} does not show in its name: give --input-format {FormatNames}"),
        },
    };

    private static Stream Open(string file, CommandContext context) => file == Files.Standard ? context.OpenInput() : Files.OpenRead(file);

    private static async IAsyncEnumerable<RecordBatch> WithStream(Stream stream, InputProgress progress, Func<Stream, IAsyncEnumerable<RecordBatch>> read)
    {
        await using (stream)
        {
            progress.Total = stream.CanSeek ? stream.Length : 0;
            await foreach (var batch in read(stream))
            {
                progress.Done = stream.CanSeek ? stream.Position : 0;
                yield return batch;
            }
        }
    }

    private static async IAsyncEnumerable<RecordBatch> ReadParquetAsync(
        string file, InputProgress progress, CommandContext context, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var parquet = await OpenParquetAsync(file, context, cancellationToken);
        var request = new ParquetReadRequest { Columns = [.. WithoutMetaColumns(parquet.Schema).FieldsList.Select(f => f.Name)] };
        progress.Total = parquet.Footer.NumRows;
        await foreach (var batch in parquet.ReadAsync(request, cancellationToken))
        {
            progress.Done += batch.Batch.Length;
            yield return batch.Batch;
        }
    }

    private static async Task<IParquetFile> OpenParquetAsync(string file, CommandContext context, CancellationToken cancellationToken)
    {
        if (file != Files.Standard)
        {
            var full = Path.GetFullPath(file);
            return await ParquetSharpFormat.Instance.OpenAsync(new LocalObjectStore(Path.GetDirectoryName(full)!), Path.GetFileName(full), cancellationToken);
        }

        // Parquet is read from its end: a pipe has to be taken in whole.
        using var whole = new MemoryStream();
        await using (var input = context.OpenInput())
        {
            await input.CopyToAsync(whole, cancellationToken);
        }

        var store = new MemoryObjectStore("stdin");
        await store.PutAsync("input.parquet", whole.GetBuffer().AsMemory(0, (int)whole.Length), PutCondition.None, cancellationToken);
        return await ParquetSharpFormat.Instance.OpenAsync(store, "input.parquet", cancellationToken);
    }

    private static Schema WithoutMetaColumns(Schema schema) => new(schema.FieldsList.Where(f => !MetaColumns.Contains(f.Name)), null);
}

internal enum InputFormat
{
    JsonLines,
    Csv,
    Parquet,
}
