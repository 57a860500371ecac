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
    private long rows;

    private SliceLogWriter(BaseFileContext context, FileSlice slice, SliceLogNames names, int task)
    {
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

    /// <summary>Appends one data block.</summary>
    public async ValueTask AppendRowsAsync(IncomingRows changes, CancellationToken cancellationToken)
    {
        var file = await log.FileAsync(cancellationToken);
        using var batch = LogRows.WithMeta(context, changes, slice.PartitionPath, slice.FileId, task, rows);
        await file.Writer.AppendRowsAsync(context.Logs.DataBlock, batch, context.Schema, Headers(changes), cancellationToken);
        rows += changes.Length;
        file.Rows += changes.Length;
    }

    /// <summary>Appends one delete block; the columns of the rows are their ordering values, none for deletes by key.</summary>
    public async ValueTask AppendDeletesAsync(IncomingRows deletes, CancellationToken cancellationToken)
    {
        var file = await log.FileAsync(cancellationToken);
        await file.Writer.AppendDeletesAsync(deletes.Keys, slice.PartitionPath, deletes.Data.ColumnCount == 0 ? null : [.. deletes.Data.Arrays], Headers(deletes), cancellationToken);
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
        })),
    ];

    public ValueTask DisposeAsync() => log.DisposeAsync();

    // Rows come by position, so the i-th row belongs to the i-th position.
    private Dictionary<LogHeader, string> Headers(IncomingRows block)
    {
        var headers = new Dictionary<LogHeader, string>
        {
            [LogHeader.InstantTime] = context.Instant,
            [LogHeader.Schema] = context.Schema.ToAvroJson(withMetaColumns: true),
        };
        if (names.WithPositions)
        {
            headers[LogHeader.RecordPositions] = RecordPositions.Encode(block.Positions);
            headers[LogHeader.BaseFileInstantTimeOfRecordPositions] = slice.Base!.Instant;
        }

        return headers;
    }
}
