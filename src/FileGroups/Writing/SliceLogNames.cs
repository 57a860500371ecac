using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// How the logs that a write adds to a slice are named, and what their write stats say of the slice. Version 6 names them by the slice, whose logs are counted; once a compaction of it is
/// planned, by the compaction. From version 8 on they bear the write's own instant and count from 1.
/// </summary>
internal sealed class SliceLogNames
{
    private readonly FileSlice slice;
    private readonly string instant;
    private readonly string writeToken;
    private readonly string baseFile;
    private readonly List<string>? logs;
    private int version;

    private SliceLogNames(FileSlice slice, string instant, string previousCommit, string writeToken, string baseFile, IEnumerable<string>? logs, int version)
    {
        this.slice = slice;
        this.instant = instant;
        PreviousCommit = previousCommit;
        this.writeToken = writeToken;
        this.baseFile = baseFile;
        this.logs = logs?.ToList();
        this.version = version;
    }

    /// <summary>Whether blocks may say positions.</summary>
    public bool WithPositions { get; private init; }

    /// <summary>What the stat names as the previous commit: in version 6 the slice; from version 8 on the write itself, unless change data is logged.</summary>
    public string PreviousCommit { get; }

    public static async ValueTask<SliceLogNames> CreateAsync(BaseFileContext context, FileSlice slice, int task, CancellationToken cancellationToken)
    {
        if (context.Config.Version >= 8)
        {
            var token = FileNames.MakeWriteToken(task, 0, 0);
            var withPositions = context.Logs.Positions && slice.Base is not null;

            // Who reads change data must know what each log was written over (HoodieAppendHandle.populateWriteStatAndFetchFileSlice).
            return context.Config.CdcLogging is not null
                ? new SliceLogNames(slice, context.Instant, slice.BaseInstant, token, slice.Base?.FileName ?? string.Empty, slice.Logs.Select(l => l.FileName), 1) { WithPositions = withPositions }
                : new SliceLogNames(slice, context.Instant, context.Instant, token, string.Empty, null, 1) { WithPositions = withPositions };
        }

        var instant = slice.PendingCompaction ?? slice.BaseInstant;
        var known = await SliceLogs.ListAsync(context.Store, slice.PartitionPath, slice.FileId, instant, cancellationToken);

        // Others may add the same version to the slice: only the token keeps the names apart.
        var attempt = (uint)context.Environment.NewGuid().GetHashCode() % int.MaxValue;
        return new SliceLogNames(
            slice,
            instant,
            instant,
            FileNames.MakeWriteToken(task, 0, attempt),
            slice.PendingCompaction is null ? slice.Base?.FileName ?? string.Empty : string.Empty,
            known.Where(l => !l.IsCdc).Select(l => l.FileName),
            known is [.., var last] ? last.Version + 1 : 1);
    }

    /// <summary>Of a log compaction: the stat names the slice, and no rows are found by position.</summary>
    public SliceLogNames OfCompaction() => new(slice, instant, slice.BaseInstant, writeToken, baseFile, logs, version);

    /// <summary>The next log.</summary>
    public LogFile Next()
    {
        var name = FileNames.MakeLogFile(slice.FileId, instant, version, writeToken);
        logs?.Add(name);
        return new LogFile(slice.PartitionPath, slice.FileId, instant, version++, writeToken, name, 0, IsCdc: false);
    }

    /// <summary>What a log's write stat says besides.</summary>
    public LogStat StatOf(LogFile log) => new(log.Version, 0, baseFile, logs is null ? [log.FileName] : logs[..(logs.IndexOf(log.FileName) + 1)]);
}
