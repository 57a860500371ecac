using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Writes what a slice's logs amount to as one more log, whose blocks take the place of theirs (FileGroupReaderBasedAppendHandle). The base file is not looked at, so deletes are kept, with
/// their ordering values; rows keep their commit times.
/// </summary>
internal static class CompactedLog
{
    /// <param name="context">The log compaction.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="records">The logs, merged with one another.</param>
    /// <param name="instants">The instants of the blocks that are replaced.</param>
    /// <param name="cancellationToken">Ends the work; no file appears then.</param>
    public static async Task<WrittenFile> RunAsync(BaseFileContext context, FileSlice slice, LogMerge records, IReadOnlyList<string> instants, CancellationToken cancellationToken)
    {
        var most = Math.Min(context.Logs.MaxBlockSize, context.Settings.RowGroupMemory);
        await using var writer = await SliceLogWriter.CreateCompactedAsync(context, slice, instants, cancellationToken);
        var rows = new List<RecordBatch>();
        var deletes = new List<LogSource>();
        var bytes = 0L;
        foreach (var source in records.Survivors())
        {
            if (source.Shape.IsDeletes)
            {
                deletes.Add(source);
                continue;
            }

            rows.Add(source.Rows);
            bytes += source.Bytes;
            if (bytes > most)
            {
                await WriteAsync(writer, rows, cancellationToken);
                bytes = 0;
            }
        }

        await WriteAsync(writer, rows, cancellationToken);
        if (deletes.Count > 0)
        {
            var keys = (StringArray)Kernels.Concat([.. deletes.Select(d => (IArrowArray)d.Keys)]);
            var ordering = deletes[0].Rows.ColumnCount == 0 ? new RecordBatch(deletes[0].Rows.Schema, [], keys.Length) : Kernels.Concat([.. deletes.Select(d => d.Rows)]);
            await writer.AppendDeletesAsync(new IncomingRows(ordering, keys, []), cancellationToken);
        }

        return (await writer.FinishAsync(cancellationToken))[0];
    }

    private static async ValueTask WriteAsync(SliceLogWriter writer, List<RecordBatch> rows, CancellationToken cancellationToken)
    {
        if (rows.Count > 0)
        {
            using var block = Kernels.Concat(rows);
            await writer.AppendWholeAsync(block, cancellationToken);
        }

        rows.ForEach(r => r.Dispose());
        rows.Clear();
    }
}
