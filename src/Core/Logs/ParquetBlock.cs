using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>
/// Parquet blocks (HoodieParquetDataBlock): a whole Parquet file. Columns are taken as the file has them, since writers differ in what they make of the block's Avro schema
/// (meta columns with or without nulls, decimals as numbers or bytes).
/// </summary>
internal static class ParquetBlock
{
    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        IObjectStore store, IParquetFormat format, LogBlock block, TableSchema table, Schema wanted, int batchRows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = await format.OpenAsync(new BlockContentStore(store, block), block.Path, cancellationToken).ConfigureAwait(false);
        var projection = SchemaProjection.Create(file.Schema, wanted, table, block.Path, block.InstantTime);
        var request = new ParquetReadRequest { Columns = [.. projection.FileColumns.Distinct()], BatchRows = batchRows };
        await foreach (var (batch, _, _) in file.ReadAsync(request, cancellationToken).ConfigureAwait(false))
        {
            using (batch)
            {
                yield return projection.Apply(batch);
            }
        }
    }

    /// <summary>Writes the content of a block: all rows in one row group, with the footer entries that Hudi's Avro writer leaves.</summary>
    public static async ValueTask WriteAsync(Stream content, string json, RecordBatch rows, CancellationToken cancellationToken)
    {
        var avro = AvroTypeParser.Parse(AvroTypeParser.Json(json));
        var schema = new ParquetOutputSchema(AvroToArrow.Convert(avro), avro.FullName ?? "table");
        var file = new ParquetFileWriter(content, schema);
        if (rows.Length > 0)
        {
            using var group = RowGroupEncoder.Encode(schema, file.Options, [rows]);
            await file.AppendAsync(group, cancellationToken).ConfigureAwait(false);
        }

        file.SetKeyValue("parquet.avro.schema", json);
        file.SetKeyValue("writer.model.name", "avro");
        await file.CloseAsync(cancellationToken).ConfigureAwait(false);
    }
}
