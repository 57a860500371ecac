using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>A file group that a commit changes.</summary>
/// <param name="PartitionPath">Its data partition.</param>
/// <param name="FileId">Its id.</param>
/// <param name="Before">Its slice before; null: it is new.</param>
/// <param name="After">Its slice after; null: it is replaced.</param>
/// <param name="Inserts">Rows that the commit says are new.</param>
/// <param name="Deletes">Rows that the commit says are deleted.</param>
internal sealed record ChangedGroup(string PartitionPath, string FileId, FileSlice? Before, FileSlice? After, long Inserts, long Deletes)
{
    /// <summary>Whether the group's log files alone have changed.</summary>
    public bool IsLogged => After is { Logs.Count: > 0 };
}

/// <summary>The file groups that a commit changes, before it is completed: written, logged to, replaced.</summary>
/// <param name="client">The table's timeline.</param>
/// <param name="timeline">As loaded, without the commit.</param>
internal sealed class ChangedGroups(TimelineClient client, ActiveTimeline timeline)
{
    private readonly FileSystemView view = new(client, timeline);

    /// <summary>The timeline as it will be when a pending commit is completed.</summary>
    public static ActiveTimeline WithCompleted(ActiveTimeline timeline, string instant) => new(
        timeline.Layout,
        [.. timeline.Instants.Select(i => i.RequestedTime == instant && !i.IsCompleted ? i with { Action = timeline.Layout.ComparableAction(i.Action), State = InstantState.Completed, CompletionTime = timeline.LatestTime } : i)]);

    /// <summary>What the commit writes to.</summary>
    public async ValueTask<IReadOnlyList<ChangedGroup>> WrittenAsync(CommitMetadata metadata, CancellationToken cancellationToken)
    {
        var groups = new List<ChangedGroup>();
        foreach (var (partition, stats) in metadata.PartitionToWriteStats)
        {
            foreach (var group in stats.Where(s => s is { Path: not null, FileId: not null }).GroupBy(s => s.FileId!, StringComparer.Ordinal))
            {
                groups.AddRange(await OfAsync(partition, group.Key, [.. group], cancellationToken));
            }
        }

        return groups;
    }

    /// <summary>What the commit replaces.</summary>
    public async ValueTask<IReadOnlyList<ChangedGroup>> ReplacedAsync(CommitMetadata metadata, CancellationToken cancellationToken)
    {
        var groups = new List<ChangedGroup>();
        foreach (var (partition, fileIds) in metadata.PartitionToReplaceFileIds ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            var replaced = fileIds.ToHashSet(StringComparer.Ordinal);
            groups.AddRange((await view.GetSlicesAsync(partition, cancellationToken: cancellationToken)).Where(s => replaced.Contains(s.FileId)).Select(s => new ChangedGroup(partition, s.FileId, s, null, 0, 0)));
        }

        return groups;
    }

    /// <summary>Whether logs of a slice delete rows: a later change may bring them back.</summary>
    public async ValueTask<bool> HasDeletesAsync(FileSlice? slice, CancellationToken cancellationToken) =>
        slice is { Logs.Count: > 0 }
        && (await LogScan.SelectAsync(client.Store, slice.Logs, new LogInstants(timeline), cancellationToken)).Any(b => b.Type == Logs.LogBlockType.Delete);

    // One stat for a base file, several for logs.
    private async ValueTask<IEnumerable<ChangedGroup>> OfAsync(string partition, string fileId, IReadOnlyList<WriteStat> stats, CancellationToken cancellationToken)
    {
        var logs = new List<LogFile>();
        BaseFile? file = null;
        string? previous = null;
        foreach (var stat in stats)
        {
            var name = stat.Path![(stat.Path!.LastIndexOf('/') + 1)..];
            if (FileNames.TryParseLogFile(partition, name, stat.FileSizeInBytes, out var log))
            {
                if (!log.IsCdc)
                {
                    logs.Add(log);
                }
            }
            else if (FileNames.TryParseBaseFile(partition, name, stat.FileSizeInBytes, out var written))
            {
                file = written;
                previous = stat.PrevBaseFile ?? (stat.PrevCommit is null or "null" ? null : stat.PrevCommit);
            }
        }

        if (file is null && logs.Count == 0)
        {
            return [];
        }

        bool isNew = file is not null && previous is null && logs.Count == 0;
        var before = isNew ? null : (await view.GetSlicesAsync(partition, cancellationToken: cancellationToken)).FirstOrDefault(s => s.FileId == fileId);
        var after = new FileSlice(partition, fileId, file?.Instant ?? before?.BaseInstant ?? logs[0].Instant, file ?? before?.Base, file is null ? [.. before?.Logs ?? [], .. logs] : logs);
        return [new ChangedGroup(partition, fileId, before, after, stats.Sum(s => s.NumInserts), stats.Sum(s => s.NumDeletes))];
    }
}
