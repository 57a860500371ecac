using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>Reads the content of log blocks: rows as Arrow batches in the columns wanted, deletes as columns. For any number of blocks and threads.</summary>
internal sealed class LogBlockReader(IObjectStore store, IParquetFormat format)
{
    private readonly ConcurrentDictionary<string, BlockSchema> _schemas = new(StringComparer.Ordinal);

    /// <summary>The data columns that the block's records have: those of a partial block are the changed ones.</summary>
    /// <exception cref="LakehouseException">Corrupt: the header has no schema, or it is none.</exception>
    public TableSchema SchemaOf(LogBlock block) => BlockSchemaOf(block).Table;

    /// <summary>The row of the base file that each of the block's records is about, in their order.</summary>
    /// <param name="block">A block whose header has them.</param>
    /// <exception cref="LakehouseException">Corrupt: they cannot be read.</exception>
    public static long[] PositionsOf(LogBlock block)
    {
        try
        {
            // Compressed records can be smaller than a byte; all others have their length before them.
            return block.Type is LogBlockType.ParquetData or LogBlockType.HFileData
                ? RecordPositions.Decode(block.Header(LogHeader.RecordPositions)!)
                : RecordPositions.Decode(block.Header(LogHeader.RecordPositions)!, block.ContentLength);
        }
        catch (LakehouseException e)
        {
            throw LogFormat.At(block, e);
        }
    }

    /// <summary>
    /// The rows of an Avro, Parquet, HFile or CDC block, in the order they were written, brought from the schema they were written with to the columns wanted by Hudi's evolution
    /// rules (<see cref="SchemaProjection"/>). A column that the block lacks holds its default, else null: see <see cref="SchemaOf"/>.
    /// </summary>
    /// <param name="table">Where defaults of missing columns are looked up.</param>
    /// <param name="wanted">The columns wanted, meta columns too where wanted.</param>
    /// <param name="batchRows">At most so many rows a batch. The caller disposes each batch.</param>
    public async IAsyncEnumerable<RecordBatch> ReadRowsAsync(
        LogBlock block, TableSchema table, Schema wanted, int batchRows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var batches = block.Type switch
        {
            LogBlockType.AvroData or LogBlockType.CdcData or LogBlockType.HFileData => ReadAvroAsync(block, table, wanted, batchRows, cancellationToken),
            LogBlockType.ParquetData => ParquetBlock.ReadAsync(store, format, block, table, wanted, batchRows, cancellationToken),
            _ => throw new ArgumentException($"A block of the type {block.Type} has no rows.", nameof(block)),
        };
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            yield return batch;
        }
    }

    /// <summary>The deleted keys of a delete block, in the order they were written.</summary>
    /// <exception cref="LakehouseException">Unsupported: written by a release before 0.14 in Java's Kryo serialisation. Corrupt: damaged.</exception>
    public ValueTask<LogDeletes> ReadDeletesAsync(LogBlock block, CancellationToken cancellationToken) => DeleteBlock.ReadAsync(store, block, cancellationToken);

    private async IAsyncEnumerable<RecordBatch> ReadAvroAsync(
        LogBlock block, TableSchema table, Schema wanted, int batchRows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isHFile = block.Type == LogBlockType.HFileData;
        var schema = BlockSchemaOf(block);
        var plan = Rent(schema, block, table, wanted, isHFile ? HFileRows.KeyField : null);
        var batches = isHFile ? HFileRows.ReadAsync(store, block, plan, batchRows, cancellationToken) : AvroBlock.ReadAsync(store, block, plan, batchRows, cancellationToken);
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            yield return batch;
        }

        schema.Return(plan);
    }

    private static RowPlan Rent(BlockSchema schema, LogBlock block, TableSchema table, Schema wanted, string? keyField)
    {
        try
        {
            return schema.Rent(table, wanted, keyField, block.InstantTime);
        }
        catch (LakehouseException e)
        {
            throw LogFormat.At(block, e);
        }
    }

    private BlockSchema BlockSchemaOf(LogBlock block)
    {
        var json = block.Header(LogHeader.Schema) ?? throw LogFormat.Damaged(block.Path, block.Start, "its header has no schema");
        try
        {
            return _schemas.GetOrAdd(json, text => new BlockSchema(text));
        }
        catch (LakehouseException e)
        {
            throw LogFormat.At(block, e);
        }
    }
}
