using Apache.Arrow;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>The log files that one write adds to one slice, and a write stat for each.</summary>
internal sealed class SliceLogWriter : IAsyncDisposable
{
    private readonly BaseFileContext context;
    private readonly FileSlice slice;
    private readonly SliceLogNames names;
    private readonly RollingLog log;
    private readonly int task;
    private readonly string? compacted;
    private long rows;

    private SliceLogWriter(BaseFileContext context, FileSlice slice, SliceLogNames names, int task, string? compacted = null)
    {
        this.compacted = compacted;
        this.context = context;
        this.slice = slice;
        this.names = names;
        this.task = task;
        log = new RollingLog(context, slice.PartitionPath, names.Next);
    }

    public static async ValueTask<SliceLogWriter> CreateAsync(BaseFileContext context, FileSlice slice, CancellationToken cancellationToken)
    {
        var task = context.NextTask();
        return new SliceLogWriter(context, slice, await SliceLogNames.CreateAsync(context, slice, task, cancellationToken), task);
    }

    /// <param name="context">The log compaction.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="instants">The instants whose blocks the new ones take the place of.</param>
    /// <param name="cancellationToken">Ends the search for names.</param>
    public static async ValueTask<SliceLogWriter> CreateCompactedAsync(BaseFileContext context, FileSlice slice, IEnumerable<string> instants, CancellationToken cancellationToken)
    {
        var task = context.NextTask();
        var names = await SliceLogNames.CreateAsync(context, slice, task, cancellationToken);
        return new SliceLogWriter(context, slice, names.OfCompaction(), task, string.Join(',', instants));
    }

    /// <summary>Appends one data block of rows that have their meta columns.</summary>
    public async ValueTask AppendWholeAsync(RecordBatch whole, CancellationToken cancellationToken)
    {
        var file = await log.FileAsync(cancellationToken);
        await file.Writer.AppendRowsAsync(context.Logs.DataBlock, whole, context.Schema, Headers([]), cancellationToken);
        file.Statistics.Add(whole);
        file.Rows += whole.Length;
    }

    /// <summary>Appends one data block.</summary>
    public async ValueTask AppendRowsAsync(IncomingRows changes, CancellationToken cancellationToken)
    {
        var file = await log.FileAsync(cancellationToken);
        using var batch = LogRows.WithMeta(context, changes, slice.PartitionPath, slice.FileId, task, rows);
        await file.Writer.AppendRowsAsync(context.Logs.DataBlock, batch, context.Schema, Headers(changes.Positions), cancellationToken);
        file.Statistics.Add(batch);
        rows += changes.Length;
        file.Rows += changes.Length;
    }

    /// <summary>Appends one delete block; the columns of the rows are their ordering values, none for deletes by key.</summary>
    public async ValueTask AppendDeletesAsync(IncomingRows deletes, CancellationToken cancellationToken)
    {
        var file = await log.FileAsync(cancellationToken);
        await file.Writer.AppendDeletesAsync(deletes.Keys, slice.PartitionPath, deletes.Data.ColumnCount == 0 ? null : [.. deletes.Data.Arrays], Headers(deletes.Positions), cancellationToken);
        file.Deletes += deletes.Length;
    }

    /// <summary>Completes the files.</summary>
    public async ValueTask<IReadOnlyList<WrittenFile>> FinishAsync(CancellationToken cancellationToken) =>
    [
        .. (await log.FinishAsync(cancellationToken)).Select(file => new WrittenFile(slice.PartitionPath, new WriteStat
        {
            FileId = slice.FileId,
            Path = file.Log.Path,
            PartitionPath = slice.PartitionPath,
            PrevCommit = names.PreviousCommit,
            NumWrites = file.Rows,
            NumUpdateWrites = file.Rows,
            NumDeletes = file.Deletes,
            TotalWriteBytes = file.Length,
            FileSizeInBytes = file.Length,
            Log = names.StatOf(file.Log),
            RuntimeStats = new RuntimeStats(0, 0, file.Milliseconds),
        })
        {
            Statistics = file.Statistics.Finish(),
        }),
    ];

    public ValueTask DisposeAsync() => log.DisposeAsync();

    // Rows come by position, so the i-th row belongs to the i-th position.
    private Dictionary<LogHeader, string> Headers(long[] positions)
    {
        var headers = new Dictionary<LogHeader, string>
        {
            [LogHeader.InstantTime] = context.Instant,
            [LogHeader.Schema] = context.Schema.ToAvroJson(withMetaColumns: true),
        };
        if (compacted is not null)
        {
            headers[LogHeader.CompactedBlockTimes] = compacted;
        }
        else if (names.WithPositions && !positions.Contains(IncomingRows.Insert))
        {
            headers[LogHeader.RecordPositions] = RecordPositions.Encode(positions);
            headers[LogHeader.BaseFileInstantTimeOfRecordPositions] = slice.Base!.Instant;
        }

        return headers;
    }
}
