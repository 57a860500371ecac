using System.Diagnostics;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// The log files that one write adds to one slice: a marker before each, a new file when one has reached its size, a write stat for each. What is disposed without
/// <see cref="FinishAsync"/> leaves no file that was not complete.
/// </summary>
internal sealed class SliceLogWriter : IAsyncDisposable
{
    private readonly BaseFileContext context;
    private readonly FileSlice slice;
    private readonly SliceLogNames names;
    private readonly List<WrittenFile> written = [];
    private readonly int task;
    private OpenLog? current;
    private long rows;

    private SliceLogWriter(BaseFileContext context, FileSlice slice, SliceLogNames names, int task)
    {
        this.context = context;
        this.slice = slice;
        this.names = names;
        this.task = task;
    }

    public static async ValueTask<SliceLogWriter> CreateAsync(BaseFileContext context, FileSlice slice, CancellationToken cancellationToken)
    {
        var task = context.NextTask();
        return new SliceLogWriter(context, slice, await SliceLogNames.CreateAsync(context, slice, task, cancellationToken), task);
    }

    /// <summary>Appends one data block.</summary>
    public async ValueTask AppendRowsAsync(IncomingRows changes, CancellationToken cancellationToken)
    {
        var file = await FileAsync(cancellationToken);
        using var batch = LogRows.WithMeta(context, changes, slice.PartitionPath, slice.FileId, task, rows);
        await file.Writer.AppendRowsAsync(context.Logs.DataBlock, batch, context.Schema, Headers(changes), cancellationToken);
        rows += changes.Length;
        file.Rows += changes.Length;
    }

    /// <summary>Appends one delete block; the columns of the rows are their ordering values, none for deletes by key.</summary>
    public async ValueTask AppendDeletesAsync(IncomingRows deletes, CancellationToken cancellationToken)
    {
        var file = await FileAsync(cancellationToken);
        await file.Writer.AppendDeletesAsync(deletes.Keys, slice.PartitionPath, deletes.Data.ColumnCount == 0 ? null : [.. deletes.Data.Arrays], Headers(deletes), cancellationToken);
        file.Deletes += deletes.Length;
    }

    /// <summary>Completes the files.</summary>
    public async ValueTask<IReadOnlyList<WrittenFile>> FinishAsync(CancellationToken cancellationToken)
    {
        await CloseAsync(cancellationToken);
        return written;
    }

    public async ValueTask DisposeAsync()
    {
        if (current is not null)
        {
            await current.Writer.DisposeAsync();
        }
    }

    private async ValueTask<OpenLog> FileAsync(CancellationToken cancellationToken)
    {
        if (current is { } full && full.Writer.Length >= context.Logs.MaxFileSize)
        {
            await CloseAsync(cancellationToken);
        }

        if (current is null)
        {
            var file = names.Next();
            await context.Markers.CreateAsync(slice.PartitionPath, file.FileName, names.Marker, cancellationToken);
            context.Begun.Add(file.Path);
            current = new OpenLog(file, await LogFileWriter.CreateAsync(context.Store, file.Path, cancellationToken));
        }

        return current;
    }

    private async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (current is not { } file)
        {
            return;
        }

        var length = await file.Writer.CompleteAsync(cancellationToken);
        await file.Writer.DisposeAsync();
        current = null;
        written.Add(new WrittenFile(slice.PartitionPath, new WriteStat
        {
            FileId = slice.FileId,
            Path = file.Log.Path,
            PartitionPath = slice.PartitionPath,
            PrevCommit = names.PreviousCommit,
            NumWrites = file.Rows,
            NumUpdateWrites = file.Rows,
            NumDeletes = file.Deletes,
            TotalWriteBytes = length,
            FileSizeInBytes = length,
            Log = names.StatOf(file.Log),
            RuntimeStats = new RuntimeStats(0, 0, (long)Stopwatch.GetElapsedTime(file.Started).TotalMilliseconds),
        }));
    }

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

    private sealed class OpenLog(LogFile log, LogFileWriter writer)
    {
        public LogFile Log => log;

        public LogFileWriter Writer => writer;

        public long Started { get; } = Stopwatch.GetTimestamp();

        public long Rows { get; set; }

        public long Deletes { get; set; }
    }
}
