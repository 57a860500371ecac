using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// The last look before a commit: what completed since the write began must not have changed the same file groups (SimpleConcurrentFileWritesConflictResolutionStrategy), no compaction or clustering may
/// have been planned that would leave the write's files out.
/// </summary>
internal sealed class ConcurrentWrites
{
    private readonly TableState before;
    private readonly Instant inflight;
    private readonly HashSet<(string Partition, string FileId)> changed;
    private readonly HashSet<(string Partition, string FileId)> hiddenByCompaction;
    private readonly List<WrittenFile> logged;
    private readonly StoredRows? stored;

    private readonly IBucketIndex? buckets;

    private readonly bool nonBlocking;

    private ConcurrentWrites(TableState before, Instant inflight, IReadOnlyList<WrittenFile> files, OverwrittenFileGroups replaced, IBucketIndex? buckets, StoredRows? stored)
    {
        this.stored = stored;
        nonBlocking = before.Client.Locks.Options.Mode == WriteConcurrencyMode.NonBlockingConcurrencyControl;
        this.before = before;
        this.inflight = inflight;
        this.buckets = buckets;
        HashSet<(string Partition, string FileId)> written = [.. files.Where(f => buckets is not null || f.Stat.PrevBaseFile is not null || f.Stat.Log is not null).Select(f => (f.PartitionPath, GroupOf(f.Stat.FileId!)))];
        changed = [.. written, .. replaced.All.Select(g => (g.Partition, GroupOf(g.FileId)))];

        // From layout 2 on a log belongs to the slice that its completion time tells: to the compacted one, if that is there by then.
        logged = before.Client.Layout.OrdersByCompletion && buckets is null ? [.. files.Where(f => f.Stat.Log is not null)] : [];
        hiddenByCompaction = before.Client.Layout.OrdersByCompletion ? [.. files.Where(f => f.Stat.PrevBaseFile is not null).Select(f => (f.PartitionPath, GroupOf(f.Stat.FileId!)))] : written;
    }

    /// <param name="before">The table as the write has read it.</param>
    /// <param name="inflight">The write.</param>
    /// <param name="files">What it has written.</param>
    /// <param name="replaced">The file groups that it takes the place of.</param>
    /// <param name="buckets">Where file groups are buckets, what tells them apart.</param>
    /// <param name="stored">Reads what was stored before; null where no rows are written.</param>
    public static ConcurrentWrites Of(TableState before, Instant inflight, IReadOnlyList<WrittenFile> files, OverwrittenFileGroups replaced, IBucketIndex? buckets, StoredRows? stored) =>
        new(before, inflight, files, replaced, buckets, stored);

    /// <param name="now">The timeline as it is under the table's lock.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Conflict"/>, with the instant and the file group.</exception>
    public async ValueTask CheckAsync(ActiveTimeline now, CancellationToken cancellationToken)
    {
        if (changed.Count > 0)
        {
            await ArchivedMeanwhile.RefuseAsync(before, now, inflight.RequestedTime, cancellationToken);
        }

        await CompletedAsync(now, cancellationToken);
        await PlannedAsync(now, cancellationToken);
    }

    private async ValueTask CompletedAsync(ActiveTimeline now, CancellationToken cancellationToken)
    {
        foreach (var other in now.CompletedWrites.Where(i => i.RequestedTime != inflight.RequestedTime && before.Timeline.FindCompletedWrite(i.RequestedTime) is null))
        {
            var metadata = await before.Client.ReadCommitMetadataAsync(other, cancellationToken);
            if (metadata.OperationType is WriteOperations.LogCompact || (nonBlocking && other.Action == Actions.DeltaCommit))
            {
                // It puts blocks together that were there before, in the slice to which they belong; or its logs are merged with this write's, in the order of completion.
                continue;
            }

            var theirs = metadata.PartitionToWriteStats.SelectMany(p => p.Value.Select(s => (p.Key, GroupOf(s.FileId ?? string.Empty))))
                .Concat((metadata.PartitionToReplaceFileIds ?? new Dictionary<string, IReadOnlyList<string>>()).SelectMany(p => p.Value.Select(id => (p.Key, GroupOf(id))))).ToList();

            // A compaction that was planned before this write began has left its slices' later changes alone.
            var mine = metadata.OperationType is not WriteOperations.Compact ? changed
                : before.Timeline.Find(other.RequestedTime).Any() ? []
                : await HiddenAsync(theirs.ToHashSet(), cancellationToken);
            if (Both(theirs, mine) is { } both)
            {
                throw Conflict($"another writer changed {both} too, in {other.RequestedTime}");
            }
        }
    }

    private async ValueTask PlannedAsync(ActiveTimeline now, CancellationToken cancellationToken)
    {
        foreach (var other in now.Pending.Where(i => i.Action == Actions.Compaction && !before.Timeline.Find(i.RequestedTime).Any()))
        {
            var plan = await before.Client.ReadCompactionPlanAsync(other, cancellationToken);
            var compacted = plan.Operations.Select(o => (o.PartitionPath, GroupOf(o.FileId))).ToHashSet();
            if (Both(compacted, await HiddenAsync(compacted, cancellationToken)) is { } both)
            {
                throw Conflict($"a compaction of {both} was planned meanwhile: {other.RequestedTime}");
            }
        }

        if (before.Client.Locks.Options.ConflictResolution == ConflictResolution.PreferWriter)
        {
            // It is the clustering that gives way, when it is about to complete.
            return;
        }

        foreach (var (group, clustering) in await before.Client.ReadClusteredFileGroupsAsync(now, cancellationToken))
        {
            if (Both([(group.Partition, GroupOf(group.FileId))], changed) is { } both)
            {
                throw Conflict($"a clustering of {both} was planned meanwhile: {clustering}");
            }
        }
    }

    // A row that is brought back on logs that have deleted it is in the base file which the compaction makes only if this write is in its plan: otherwise no index would find it there.
    private async ValueTask<HashSet<(string Partition, string FileId)>> HiddenAsync(IReadOnlySet<(string Partition, string FileId)> compacted, CancellationToken cancellationToken)
    {
        foreach (var file in logged.Where(f => compacted.Contains((f.PartitionPath, f.Stat.FileId!))))
        {
            var slices = await before.View.GetSlicesAsync(file.PartitionPath, cancellationToken: cancellationToken);
            if (slices.FirstOrDefault(s => s.FileId == file.Stat.FileId) is { Logs.Count: > 0 } slice && stored is not null && await stored.LacksRowsAsync(slice, cancellationToken))
            {
                hiddenByCompaction.Add((file.PartitionPath, GroupOf(file.Stat.FileId!)));
            }
        }

        return hiddenByCompaction;
    }

    private string GroupOf(string fileId) => buckets?.GroupOf(fileId) ?? fileId;

    private static string? Both(IEnumerable<(string Partition, string FileId)> theirs, HashSet<(string Partition, string FileId)> mine)
    {
        var both = theirs.Where(mine.Contains).Distinct().ToList();
        return both.Count == 0 ? null : $"file group {both[0].FileId} of partition '{both[0].Partition}'{(both.Count > 1 ? $" and {both.Count - 1} others" : string.Empty)}";
    }

    private LakehouseException Conflict(string problem) =>
        new(LakehouseErrorKind.Conflict, problem, before.Store.Root, instant: inflight.RequestedTime, remedy: "Repeat the write");
}
