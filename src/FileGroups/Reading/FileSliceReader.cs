using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.ParquetFiles;
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
        // The base file is read while the logs are merged: what they change is laid over its rows afterwards.
        await using var ahead = slice is { Base: not null, Logs.Count: > 0 } && read.AheadBytes > 0 ? new StoredBatches(store, format, slice.Base, read, partition, cancellationToken) : null;
        await using var changes = slice.Logs.Count == 0 ? null : await SliceMerge.ResolveAsync(store, format, slice, read, partition, cancellationToken);
        using var cursor = changes is null ? null : new ChangeCursor(changes, read.Columns);
        if (slice.Base is { } file)
        {
            await foreach (var (stored, first) in ahead?.ReadAsync(cancellationToken) ?? StoredBatches.ReadAsync(store, format, file, read, partition, cancellationToken))
            {
                foreach (var rows in cursor?.TakeReplacements(first) ?? [])
                {
                    yield return rows;
                }

                if ((cursor is null ? stored : cursor.Apply(stored, first)) is { } now)
                {
                    yield return now;
                }
            }

            foreach (var rows in cursor?.TakeReplacements(long.MaxValue) ?? [])
            {
                yield return rows;
            }
        }

        foreach (var inserts in cursor?.TakeInserts() ?? [])
        {
            yield return inserts;
        }
    }
}
