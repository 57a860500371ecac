using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Logs the changes of one file slice (HoodieAppendHandle): rows in data blocks, then the deletes in one delete block. Nothing is merged with what is stored: readers and compactions do
/// that. Rows that mark deletes become delete records with their ordering values; keys of a delete operation delete whatever the ordering value stored is.
/// </summary>
internal sealed class LogAppend
{
    private readonly BaseFileContext context;
    private readonly SliceLogWriter writer;
    private readonly MergeRule rule;
    private readonly bool keyDeletes;
    private readonly long blockBytes;
    private readonly List<IncomingRows> rows = [];
    private readonly List<IncomingRows> deletes = [];
    private long rowBytes;
    private long deleteBytes;

    private LogAppend(BaseFileContext context, SliceLogWriter writer, MergeRule rule, bool keyDeletes)
    {
        this.context = context;
        this.writer = writer;
        this.rule = rule;
        this.keyDeletes = keyDeletes;
        blockBytes = Math.Min(context.Logs.MaxBlockSize, context.Settings.RowGroupMemory);
    }

    /// <param name="context">The write.</param>
    /// <param name="slice">The slice whose rows change.</param>
    /// <param name="changes">The changes, by position of the stored rows; with <see cref="IncomingRows.Insert"/> where it is not known whether there is one.</param>
    /// <param name="rule">Tells which rows mark deletes.</param>
    /// <param name="keyDeletes">Whether the rows are keys to delete.</param>
    /// <param name="cancellationToken">Ends the work; the file under way does not appear then.</param>
    /// <returns>The log files, mostly one.</returns>
    public static async Task<IReadOnlyList<WrittenFile>> RunAsync(
        BaseFileContext context, FileSlice slice, IEnumerable<IncomingRows> changes, MergeRule rule, bool keyDeletes, CancellationToken cancellationToken)
    {
        await using var writer = await SliceLogWriter.CreateAsync(context, slice, cancellationToken);
        var append = new LogAppend(context, writer, rule, keyDeletes);
        foreach (var batch in changes)
        {
            await append.AddAsync(batch, cancellationToken);
        }

        await append.WriteRowsAsync(cancellationToken);
        await append.WriteDeletesAsync(cancellationToken);
        return await writer.FinishAsync(cancellationToken);
    }

    private async ValueTask AddAsync(IncomingRows batch, CancellationToken cancellationToken)
    {
        if (keyDeletes)
        {
            await AddDeletesAsync(batch, cancellationToken);
            return;
        }

        var merge = rule.Bind(batch.Data, requireOrdering: false);
        if (!merge.HasDeletes && batch.Deleted is null)
        {
            await AddRowsAsync(batch, cancellationToken);
            return;
        }

        var isDelete = Enumerable.Range(0, batch.Length).ToLookup(row => merge.IsDelete(row) || (batch.Deleted is { } gone && gone[row]));
        await AddRowsAsync(Take(batch, [.. isDelete[false]]), cancellationToken);
        await AddDeletesAsync(Take(batch, [.. isDelete[true]]), cancellationToken);
    }

    private async ValueTask AddRowsAsync(IncomingRows batch, CancellationToken cancellationToken)
    {
        var bytes = ArrowSize.Bytes(batch.Data) + ArrowSize.Bytes(batch.Keys);
        var most = batch.Length == 0 ? 0 : (int)Math.Clamp(blockBytes * batch.Length / Math.Max(1, bytes), 1, batch.Length);
        for (var at = 0; at < batch.Length;)
        {
            var count = Math.Min(most, batch.Length - at);
            var share = bytes * count / batch.Length;
            if (rowBytes > 0 && rowBytes + share > blockBytes)
            {
                await WriteRowsAsync(cancellationToken);
            }

            rows.Add(Slice(batch, at, count));
            rowBytes += share;
            at += count;
        }
    }

    private async ValueTask AddDeletesAsync(IncomingRows batch, CancellationToken cancellationToken)
    {
        deletes.Add(batch with { Data = OrderingOf(batch.Data) });
        deleteBytes += ArrowSize.Bytes(batch.Keys) + (batch.Length * 8L);
        if (deleteBytes > blockBytes)
        {
            await WriteDeletesAsync(cancellationToken);
        }
    }

    private async ValueTask WriteRowsAsync(CancellationToken cancellationToken)
    {
        if (rows.Sum(r => r.Length) > 0)
        {
            await writer.AppendRowsAsync(Concat(rows), cancellationToken);
        }

        rows.Clear();
        rowBytes = 0;
    }

    private async ValueTask WriteDeletesAsync(CancellationToken cancellationToken)
    {
        if (deletes.Sum(d => d.Length) > 0)
        {
            await writer.AppendDeletesAsync(Concat(deletes), cancellationToken);
        }

        deletes.Clear();
        deleteBytes = 0;
    }

    // Of a delete only its ordering values are kept: none for a delete by key.
    private RecordBatch OrderingOf(RecordBatch data)
    {
        var fields = keyDeletes ? [] : context.OrderingFields.Select(data.Schema.GetFieldByName).ToList();
        return new RecordBatch(new Schema(fields, null), fields.Select(f => data.Column(f.Name)), data.Length);
    }

    private static IncomingRows Take(IncomingRows batch, int[] rows) =>
        new(Kernels.Take(batch.Data, rows), (StringArray)Kernels.Take(batch.Keys, rows), [.. rows.Select(r => batch.Positions[r])]);

    private static IncomingRows Slice(IncomingRows batch, int at, int count) => count == batch.Length
        ? batch
        : new IncomingRows(batch.Data.Slice(at, count), (StringArray)batch.Keys.Slice(at, count), batch.Positions[at..(at + count)]);

    private static IncomingRows Concat(List<IncomingRows> parts) => parts.Count == 1
        ? parts[0]
        : new IncomingRows(
            Kernels.Concat([.. parts.Select(p => p.Data)]),
            (StringArray)Kernels.Concat([.. parts.Select(p => (IArrowArray)p.Keys)]),
            [.. parts.SelectMany(p => p.Positions)]);
}
