using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>Reads one file slice: its base file, in the table's schema. A slice with log files is refused: their rows would be missing.</summary>
internal static class FileSliceReader
{
    /// <param name="store">The table's storage.</param>
    /// <param name="format">The Parquet reader.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="read">What is wanted.</param>
    /// <param name="partition">Partition columns whose value the path gives, arrays of one row; used for pruning, and for columns that the file lacks.</param>
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
        RequireNoLogs(slice);
        if (slice.Base is not { } file)
        {
            yield break;
        }

        await using var parquet = await format.OpenAsync(store, file.Path, cancellationToken);
        var groups = read.Filter is null
            ? null
            : Enumerable.Range(0, parquet.Footer.RowGroups.Count).Where(g => read.Filter.MightMatch(new RowGroupStatistics(parquet, g, partition))).ToList();
        if (groups is { Count: 0 })
        {
            yield break;
        }

        var projection = SchemaProjection.Create(parquet.Schema, read.Columns, read.Table, file.Path);
        var fromPath = read.Columns.FieldsList.Select((f, i) => (f.Name, i)).Where(c => parquet.Schema.GetFieldIndex(c.Name) < 0 && partition.ContainsKey(c.Name)).ToList();
        var request = new ParquetReadRequest { Columns = projection.FileColumns, RowGroups = groups, BatchRows = read.BatchRows };
        await foreach (var found in parquet.ReadAsync(request, cancellationToken))
        {
            using var batch = found.Batch;
            var rows = projection.Apply(batch);
            yield return fromPath.Count == 0 ? rows : WithPartition(rows, fromPath, partition);
        }
    }

    public static void RequireNoLogs(FileSlice slice)
    {
        if (slice.Logs.FirstOrDefault(l => !l.IsCdc) is { } log)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "The file group has log files, whose rows this engine does not merge", path: log.Path, remedy: "Compact the table with Apache Hudi first");
        }
    }

    private static RecordBatch WithPartition(RecordBatch rows, List<(string Name, int Column)> fromPath, IReadOnlyDictionary<string, IArrowArray> partition)
    {
        var columns = rows.Arrays.ToArray();
        foreach (var (name, column) in fromPath)
        {
            columns[column].Dispose();
            columns[column] = Kernels.Take(partition[name], new int[rows.Length]);
        }

        return new RecordBatch(rows.Schema, columns, rows.Length);
    }
}
