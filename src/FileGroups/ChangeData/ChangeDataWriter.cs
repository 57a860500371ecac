using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Logs what the rewriting of one base file changes, in a file beside it (HoodieCDCLogger). New files and log appends need none: readers see their changes in the files themselves. There is
/// always a file, even of no change: readers take a rewritten base file without one for damaged. Used by several workers at once.
/// </summary>
internal sealed class ChangeDataWriter : IAsyncDisposable
{
    private readonly BaseFileContext context;
    private readonly RollingLog log;
    private readonly ChangeDataSchema schema;
    private readonly SemaphoreSlim turn = new(1);
    private readonly List<RecordBatch> pending = [];
    private readonly Dictionary<LogHeader, string> headers;
    private readonly long blockBytes;
    private long pendingBytes;
    private bool empty = true;
    private bool closed;

    private ChangeDataWriter(BaseFileContext context, BaseFileWriter file, CdcLogging mode)
    {
        this.context = context;
        schema = context.ChangeDataSchemaOf(mode);
        Rows = new ChangeDataRows(schema, context.Instant);
        blockBytes = Math.Min(context.Logs.MaxBlockSize, context.Settings.RowGroupMemory);
        headers = new Dictionary<LogHeader, string> { [LogHeader.InstantTime] = context.Instant, [LogHeader.Schema] = schema.Json };
        var version = 1;
        log = new RollingLog(context, file.PartitionPath, () =>
        {
            var token = FileNames.MakeWriteToken(file.Task, 0, 0);
            var name = FileNames.MakeLogFile(file.FileId, context.Instant, version, token, cdc: true);
            return new LogFile(file.PartitionPath, file.FileId, context.Instant, version++, token, name, 0, IsCdc: true);
        });
    }

    public ChangeDataRows Rows { get; }

    /// <summary>Whether the stored rows are kept, so that all their columns must be read.</summary>
    public bool KeepsBefore => schema.HasBefore;

    public bool KeepsAfter => schema.HasAfter;

    /// <summary>Null for a table that does not log its changes.</summary>
    public static ChangeDataWriter? Create(BaseFileContext context, BaseFileWriter file) =>
        context.Config.CdcLogging is { } mode ? new ChangeDataWriter(context, file, mode) : null;

    /// <summary>Takes rows made by <see cref="Rows"/>.</summary>
    public async ValueTask AddAsync(RecordBatch rows, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (closed)
            {
                return;
            }

            pending.Add(rows);
            pendingBytes += ArrowSize.Bytes(rows);
            if (pendingBytes > blockBytes)
            {
                await WriteAsync(cancellationToken);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Completes the files.</summary>
    /// <returns>Their sizes by path, as the write stat has them.</returns>
    public async ValueTask<IReadOnlyDictionary<string, long>> FinishAsync(CancellationToken cancellationToken)
    {
        if (pending.Count == 0 && empty)
        {
            pending.Add(Kernels.EmptyBatch(schema.Arrow));
        }

        await WriteAsync(cancellationToken);
        return (await log.FinishAsync(cancellationToken)).ToDictionary(f => f.Log.Path, f => f.Length);
    }

    /// <summary>Workers of a write that failed may still come with rows: they are passed over.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync();
        closed = true;
        await log.DisposeAsync();
        turn.Release();
    }

    private async ValueTask WriteAsync(CancellationToken cancellationToken)
    {
        if (pending.Count == 0)
        {
            return;
        }

        var file = await log.FileAsync(cancellationToken);
        var rows = pending.Count == 1 ? pending[0] : Kernels.Concat(pending);
        await file.Writer.AppendRowsAsync(LogBlockType.CdcData, rows, schema.Table, headers, cancellationToken);
        empty = false;
        pending.Clear();
        pendingBytes = 0;
    }
}
