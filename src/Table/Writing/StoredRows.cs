using Apache.Arrow;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>Stored rows as a reader sees them, logs merged: for what a write must know of them.</summary>
internal sealed class StoredRows(TableState state, TableSchema schema, MergeRule rule, IParquetFormat format, LakehouseOptions resources)
{
    private static readonly IReadOnlyDictionary<string, IArrowArray> NoPartition = new Dictionary<string, IArrowArray>();

    /// <param name="slice">The slice.</param>
    /// <param name="columns">Names of meta and data columns.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Batches, which the caller disposes.</returns>
    public IAsyncEnumerable<RecordBatch> ReadAsync(FileSlice slice, IEnumerable<string> columns, CancellationToken cancellationToken)
    {
        var wanted = new Schema([.. columns.Select(schema.ArrowWithMeta.GetFieldByName)], null);
        var read = new SliceRead(schema, wanted, null, WritePlan.BatchRows)
        {
            Logs = new LogInstants(state.Timeline),
            Merging = slice.Logs.Count == 0 ? null : new MergeSettings(rule, resources.MemoryBudget / 8, resources.SpillFolder),
        };
        return FileSliceReader.ReadAsync(state.Store, format, slice, read, NoPartition, cancellationToken);
    }

    /// <summary>Whether logs may have deleted rows of the slice: there is a delete block among theirs, or rows can say that they are deletes, or a merger of the caller's own decides. Only frames are read.</summary>
    public async ValueTask<bool> MayLackRowsAsync(FileSlice slice, CancellationToken cancellationToken) =>
        rule.Merger is not null
        || rule.DeleteColumns.Any(c => schema.ArrowWithMeta.GetFieldIndex(c) >= 0)
        || (await LogScan.SelectAsync(state.Store, slice.Logs, new LogInstants(state.Timeline), cancellationToken)).Any(b => b.Type == LogBlockType.Delete);

    /// <summary>Whether logs have deleted rows of the slice's base file.</summary>
    public async ValueTask<bool> LacksRowsAsync(FileSlice slice, CancellationToken cancellationToken)
    {
        var lacking = slice.Base is { } file ? (await ParquetFooter.ReadAsync(state.Store, file.Path, file.Length, cancellationToken: cancellationToken)).NumRows : 0;
        await foreach (var batch in ReadAsync(slice, [MetaColumns.RecordKey], cancellationToken))
        {
            lacking -= batch.Length;
            batch.Dispose();
        }

        return lacking > 0;
    }
}
