using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Undoes log blocks of one instant in a version 6 table (RollbackHelperV1): the logs stay as they are, and one more log of the slice, with a command block, has readers pass over them.
/// </summary>
internal sealed class RollbackLogs(IObjectStore store, string instant)
{
    // As Hudi 0.15 names a command block's log, which no task writes.
    private const string WriteToken = "1-0-1";

    /// <summary>Whether a log holds a block that the instant wrote.</summary>
    public async ValueTask<bool> HasBlockAsync(ObjectInfo log, CancellationToken cancellationToken)
    {
        await foreach (var block in LogFileReader.ReadBlocksAsync(store, log.Path, log.Length, cancellationToken))
        {
            if (block.InstantTime == instant && block.Type is not (LogBlockType.Command or LogBlockType.Corrupt))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One request for each file slice that the logs belong to; a log that was announced but never appeared needs none.</summary>
    public async ValueTask<IReadOnlyList<RollbackRequest>> RequestsAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var found = new List<(LogFile Log, ObjectInfo Info)>();
        foreach (var path in paths.Distinct())
        {
            var partition = ObjectPath.Folder(path);
            if (await store.GetInfoAsync(path, cancellationToken) is { } info && FileNames.TryParseLogFile(partition, info.Name, info.Length, out var log))
            {
                found.Add((log, info));
            }
        }

        return
        [
            .. found.GroupBy(f => (f.Log.PartitionPath, f.Log.FileId, f.Log.Instant)).Select(slice => new RollbackRequest(
                slice.Key.PartitionPath, [], slice.ToDictionary(f => FullPath(f.Info.Path), f => f.Info.Length), slice.Key.FileId, slice.Key.Instant)),
        ];
    }

    /// <summary>Adds a log with a command block to each slice of the requests, where an interrupted run has not left it already.</summary>
    public async ValueTask<Dictionary<string, RolledBackPartition>> UndoAsync(IReadOnlyList<RollbackRequest> requests, string rollback, CancellationToken cancellationToken)
    {
        var done = new Dictionary<string, RolledBackPartition>();
        foreach (var partition in requests.GroupBy(r => r.PartitionPath))
        {
            var commands = new Dictionary<string, long>();
            foreach (var slice in partition)
            {
                var (path, length) = await AppendCommandAsync(slice, rollback, cancellationToken);
                commands.Add(FullPath(path), length);
            }

            done.Add(partition.Key, new RolledBackPartition
            {
                CommandLogs = commands,
                FailedLogs = partition.SelectMany(r => r.LogBlocksToBeDeleted).ToDictionary(),
            });
        }

        return done;
    }

    private async ValueTask<bool> HasCommandAsync(ObjectInfo log, string rollback, CancellationToken cancellationToken)
    {
        await foreach (var block in LogFileReader.ReadBlocksAsync(store, log.Path, log.Length, cancellationToken))
        {
            if (block.Type == LogBlockType.Command && block.InstantTime == rollback && block.Header(LogHeader.TargetInstantTime) == instant)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<(string Path, long Length)> AppendCommandAsync(RollbackRequest slice, string rollback, CancellationToken cancellationToken)
    {
        var logs = await SliceLogs.ListAsync(store, slice.PartitionPath, slice.FileId, slice.LatestBaseInstant, cancellationToken);
        foreach (var log in logs.Where(l => l.WriteToken == WriteToken))
        {
            if (await store.GetInfoAsync(log.Path, cancellationToken) is { } info && await HasCommandAsync(info, rollback, cancellationToken))
            {
                return (info.Path, info.Length);
            }
        }

        var version = 1 + (logs is [.., var last] ? last.Version : 0);
        var path = ObjectPath.Join(slice.PartitionPath, FileNames.MakeLogFile(slice.FileId, slice.LatestBaseInstant, version, WriteToken));
        await using var writer = await LogFileWriter.CreateAsync(store, path, cancellationToken);
        await writer.AppendRollbackAsync(rollback, instant, cancellationToken);
        return (path, await writer.CompleteAsync(cancellationToken));
    }

    private string FullPath(string path) => store.Root.TrimEnd('/') + "/" + path;
}
