using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Reads one file slice in the table's schema: its base file, with what its logs change laid over it by position, and the rows that only the logs have.</summary>
internal static class FileSliceReader
{
    /// <param name="store">The table's storage.</param>
    /// <param name="format">The Parquet reader.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="read">What is wanted.</param>
    /// <param name="partition">Partition columns whose value the path gives, arrays of one row; used for pruning, and for columns that a file lacks.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches of <see cref="SliceRead.Columns"/>, which the caller disposes.</returns>
    public static async IAsyncEnumerable<RecordBatch> ReadAsync(
        IObjectStore store,
        IParquetFormat format,
        FileSlice slice,
        SliceRead read,
        IReadOnlyDictionary<string, IArrowArray> partition,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var changes = slice.Logs.Count == 0 ? null : await SliceMerge.ResolveAsync(store, format, slice, read, partition, cancellationToken);
        using var cursor = changes is null ? null : new ChangeCursor(changes, read.Columns);
        if (slice.Base is { } file)
        {
            await foreach (var rows in ReadBaseAsync(store, format, file, read, partition, cursor, cancellationToken))
            {
                yield return rows;
            }
        }

        foreach (var inserts in cursor?.TakeInserts() ?? [])
        {
            yield return inserts;
        }
    }

    private static async IAsyncEnumerable<RecordBatch> ReadBaseAsync(
        IObjectStore store,
        IParquetFormat format,
        BaseFile file,
        SliceRead read,
        IReadOnlyDictionary<string, IArrowArray> partition,
        ChangeCursor? changes,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var parquet = await format.OpenAsync(store, file.Path, cancellationToken);
        var groups = read.Filter is null
            ? null
            : Enumerable.Range(0, parquet.Footer.RowGroups.Count).Where(g => read.Filter.MightMatch(new SliceStatistics(parquet.Footer, g, partition))).ToList();
        if (groups is not { Count: 0 })
        {
            var projection = SchemaProjection.Create(parquet.Schema, read.Columns, read.Table, file.Path);
            var fill = new PartitionFill(read.Columns, parquet.Schema, partition);
            var request = new ParquetReadRequest { Columns = projection.FileColumns, RowGroups = groups, BatchRows = read.BatchRows };
            await foreach (var found in parquet.ReadAsync(request, cancellationToken))
            {
                foreach (var rows in changes?.TakeReplacements(found.FirstRow) ?? [])
                {
                    yield return rows;
                }

                using var batch = found.Batch;
                var stored = fill.Apply(projection.Apply(batch));
                if ((changes is null ? stored : changes.Apply(stored, found.FirstRow)) is { } now)
                {
                    yield return now;
                }
            }
        }

        foreach (var rows in changes?.TakeReplacements(long.MaxValue) ?? [])
        {
            yield return rows;
        }
    }
}
