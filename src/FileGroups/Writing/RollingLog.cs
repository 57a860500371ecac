using System.Diagnostics;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Log files that a write makes one after the other, each closed when it has reached its size, a marker before each. What is disposed without <see cref="FinishAsync"/> leaves no file that
/// was not complete.
/// </summary>
/// <param name="context">The write.</param>
/// <param name="partitionPath">The partition of the files.</param>
/// <param name="next">Names the next file.</param>
internal sealed class RollingLog(BaseFileContext context, string partitionPath, Func<LogFile> next) : IAsyncDisposable
{
    private readonly List<OpenLog> finished = [];
    private OpenLog? current;
    private FileMarker? marker;

    /// <summary>The file that the next block goes to.</summary>
    public async ValueTask<OpenLog> FileAsync(CancellationToken cancellationToken)
    {
        if (current is { } full && full.Writer.Length >= context.Logs.MaxFileSize)
        {
            await CloseAsync(cancellationToken);
        }

        if (current is null)
        {
            var file = next();
            marker = new FileMarker(context, partitionPath, file.FileName, context.Config.Version >= 8 ? MarkerType.Create : MarkerType.Append);
            await marker.CreateAsync(cancellationToken);
            context.Begun.Add(file.Path);
            current = new OpenLog(file, await LogFileWriter.CreateAsync(context.Store, file.Path, cancellationToken), new BoundsAccumulator(context.LogStatisticsColumns));
        }

        return current;
    }

    /// <summary>Completes the files.</summary>
    public async ValueTask<IReadOnlyList<OpenLog>> FinishAsync(CancellationToken cancellationToken)
    {
        await CloseAsync(cancellationToken);
        return finished;
    }

    public async ValueTask DisposeAsync()
    {
        if (current is not null)
        {
            await current.Writer.DisposeAsync();
        }
    }

    private async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (current is { } file)
        {
            await marker!.RenewAsync(cancellationToken);
            file.Length = await file.Writer.CompleteAsync(cancellationToken);
            file.Milliseconds = (long)Stopwatch.GetElapsedTime(file.Started).TotalMilliseconds;
            await file.Writer.DisposeAsync();
            finished.Add(file);
            current = null;
        }
    }

    /// <summary>A log file on its way, and what is counted of it.</summary>
    public sealed class OpenLog(LogFile log, LogFileWriter writer, BoundsAccumulator statistics)
    {
        public LogFile Log => log;

        public LogFileWriter Writer => writer;

        public long Started { get; } = Stopwatch.GetTimestamp();

        /// <summary>Bytes, once it is complete.</summary>
        public long Length { get; set; }

        /// <summary>How long it took, once it is complete.</summary>
        public long Milliseconds { get; set; }

        public long Rows { get; set; }

        public long Deletes { get; set; }

        /// <summary>Of the rows in its data blocks.</summary>
        public BoundsAccumulator Statistics { get; } = statistics;
    }
}
