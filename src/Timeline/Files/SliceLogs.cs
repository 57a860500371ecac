using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>What a layout 1 writer must know before it adds a log to a slice: all logs named by the slice, also those that failed writes left (HoodieLogFormat.WriterBuilder).</summary>
internal static class SliceLogs
{
    /// <summary>The logs of one file group that bear an instant in their names, in order; change data logs too.</summary>
    public static async ValueTask<IReadOnlyList<LogFile>> ListAsync(IObjectStore store, string partitionPath, string fileId, string instant, CancellationToken cancellationToken = default)
    {
        var logs = new List<LogFile>();
        foreach (var name in await store.ListNamesAsync(partitionPath, cancellationToken))
        {
            if (FileNames.TryParseLogFile(partitionPath, name, 0, out var log) && log.FileId == fileId && log.Instant == instant)
            {
                logs.Add(log);
            }
        }

        logs.Sort(FileNames.CompareLogFiles);
        return logs;
    }

    /// <summary>The greatest version among them; 0 where there are none.</summary>
    public static async ValueTask<int> LatestVersionAsync(IObjectStore store, string partitionPath, string fileId, string instant, CancellationToken cancellationToken = default) =>
        await ListAsync(store, partitionPath, fileId, instant, cancellationToken) is [.., var last] ? last.Version : 0;
}
