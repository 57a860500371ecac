using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// What comes to light again when commits are taken back: the slices before theirs, and the file groups that they replaced. Hudi does not ask whether a cleaner has taken them, and would lose
/// their rows.
/// </summary>
internal sealed class CoveredSlices(TimelineClient client, ActiveTimeline timeline)
{
    private readonly FileSystemView view = new(client, timeline);

    /// <summary>Finds the first that is gone.</summary>
    /// <param name="commits">Completed writes that are to be taken back, all at once.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <returns>The commit and the file group; null when all are there.</returns>
    public async ValueTask<(Instant Commit, string Partition, string FileId)?> FindMissingAsync(IReadOnlyList<Instant> commits, CancellationToken cancellationToken)
    {
        var going = commits.Select(c => c.RequestedTime).ToHashSet(StringComparer.Ordinal);
        var written = new List<(Instant Commit, CommitMetadata Metadata)>(commits.Count);
        foreach (var commit in commits)
        {
            written.Add((commit, await client.ReadCommitMetadataAsync(commit, cancellationToken)));
        }

        var begun = written.SelectMany(w => w.Metadata.PartitionToWriteStats).SelectMany(p => p.Value.Where(s => IsNone(s.PrevCommit) || going.Contains(s.PrevCommit!)).Select(s => (p.Key, s.FileId))).ToHashSet();
        foreach (var (commit, metadata) in written)
        {
            if (metadata.OperationType is WriteOperations.Compact or WriteOperations.LogCompact && await FindMissingAsync(commit, metadata.OperationType, going, cancellationToken) is { } missing)
            {
                return (commit, missing.PartitionPath, missing.FileId);
            }

            foreach (var (partition, stats) in metadata.PartitionToWriteStats)
            {
                // A log covers nothing up: what it was added to is still there.
                foreach (var stat in stats.Where(s => s.Log is null && !IsNone(s.PrevCommit) && !going.Contains(s.PrevCommit!)))
                {
                    if (!await IsThereAsync(partition, stat.FileId, stat.PrevCommit, cancellationToken))
                    {
                        return (commit, partition, stat.FileId ?? string.Empty);
                    }
                }
            }

            foreach (var (partition, fileIds) in metadata.PartitionToReplaceFileIds ?? new Dictionary<string, IReadOnlyList<string>>())
            {
                foreach (var fileId in fileIds.Where(f => !begun.Contains((partition, f))))
                {
                    if (!await IsThereAsync(partition, fileId, null, cancellationToken))
                    {
                        return (commit, partition, fileId);
                    }
                }
            }
        }

        return null;
    }

    /// <summary>What a compaction merged must be there: without a base file its commit names no slice before.</summary>
    private async ValueTask<CompactionOperation?> FindMissingAsync(Instant commit, string operationType, HashSet<string> going, CancellationToken cancellationToken)
    {
        var action = operationType == WriteOperations.Compact ? Actions.Compaction : Actions.LogCompaction;
        var plan = await client.ReadCompactionPlanAsync(new Instant(commit.RequestedTime, action, InstantState.Requested), cancellationToken);
        foreach (var partition in plan.Operations.GroupBy(o => o.PartitionPath))
        {
            var names = (await client.Store.ListNamesAsync(partition.Key, cancellationToken)).ToHashSet(StringComparer.Ordinal);
            if (partition.FirstOrDefault(o => (o.BaseFileName is { } file && !names.Contains(file) && !IsGoing(file)) || o.LogFileNames.Any(l => !names.Contains(l) && !IsGoing(l))) is { } missing)
            {
                return missing;
            }
        }

        return null;

        bool IsGoing(string name) => FileNames.TryParseBaseFile(string.Empty, name, 0, out var file) ? going.Contains(file.Instant) : FileNames.TryParseLogFile(string.Empty, name, 0, out var log) && going.Contains(log.Instant);
    }

    private static bool IsNone(string? commit) => commit is null or "null" or "";

    private async ValueTask<bool> IsThereAsync(string partition, string? fileId, string? baseInstant, CancellationToken cancellationToken) =>
        (await view.GetFileGroupsAsync(partition, cancellationToken)).FirstOrDefault(g => g.FileId == fileId)?.Slices.Any(s => baseInstant is null || s.BaseInstant == baseInstant) == true;
}
