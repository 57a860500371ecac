using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// The last look before a commit: what completed since the write began must not have changed the same file groups (SimpleConcurrentFileWritesConflictResolutionStrategy), no compaction or clustering may
/// have been planned that would leave the write's files out, and the write itself must not have been rolled back by another that took it for dead.
/// </summary>
internal sealed class ConcurrentWrites
{
    private readonly TableState before;
    private readonly Instant inflight;
    private readonly HashSet<(string Partition, string FileId)> changed;
    private readonly HashSet<(string Partition, string FileId)> hiddenByCompaction;

    private readonly bool areBuckets;

    private ConcurrentWrites(TableState before, Instant inflight, IReadOnlyList<WrittenFile> files, bool areBuckets)
    {
        this.before = before;
        this.inflight = inflight;
        this.areBuckets = areBuckets;
        changed = [.. files.Where(f => areBuckets || f.Stat.PrevBaseFile is not null || f.Stat.Log is not null).Select(f => (f.PartitionPath, GroupOf(f.Stat.FileId!)))];

        // From layout 2 on a log belongs to the slice that its completion time tells: to the compacted one, if that is there by then.
        hiddenByCompaction = before.Client.Layout.OrdersByCompletion ? [.. files.Where(f => f.Stat.PrevBaseFile is not null).Select(f => (f.PartitionPath, GroupOf(f.Stat.FileId!)))] : changed;
    }

    public static async ValueTask CheckAsync(TableState before, Instant inflight, IReadOnlyList<WrittenFile> files, bool areBuckets, CancellationToken cancellationToken)
    {
        var now = await before.Client.LoadAsync(cancellationToken: cancellationToken);
        var check = new ConcurrentWrites(before, inflight, files, areBuckets);
        if (!now.Pending.Any(i => i.RequestedTime == inflight.RequestedTime))
        {
            throw check.Conflict("another writer rolled this write back while it was under way");
        }

        await check.CompletedAsync(now, cancellationToken);
        await check.PlannedAsync(now, cancellationToken);
    }

    private async ValueTask CompletedAsync(ActiveTimeline now, CancellationToken cancellationToken)
    {
        foreach (var other in now.CompletedWrites.Where(i => before.Timeline.FindCompletedWrite(i.RequestedTime) is null))
        {
            var metadata = await before.Client.ReadCommitMetadataAsync(other, cancellationToken);
            if (metadata.OperationType is WriteOperations.LogCompact)
            {
                // It puts blocks together that were there before, in the slice to which they belong.
                continue;
            }

            // A compaction that was planned before this write began has left its slices' later changes alone.
            var mine = metadata.OperationType is not WriteOperations.Compact ? changed
                : before.Timeline.Find(other.RequestedTime).Any() ? []
                : hiddenByCompaction;
            var theirs = metadata.PartitionToWriteStats.SelectMany(p => p.Value.Select(s => (p.Key, GroupOf(s.FileId ?? string.Empty))))
                .Concat((metadata.PartitionToReplaceFileIds ?? new Dictionary<string, IReadOnlyList<string>>()).SelectMany(p => p.Value.Select(id => (p.Key, GroupOf(id)))));
            if (theirs.Any(mine.Contains))
            {
                throw Conflict($"another writer changed the same file groups in {other.RequestedTime}");
            }
        }
    }

    private async ValueTask PlannedAsync(ActiveTimeline now, CancellationToken cancellationToken)
    {
        foreach (var other in now.Pending.Where(i => i.Action == Actions.Compaction && !before.Timeline.Find(i.RequestedTime).Any()))
        {
            var plan = await before.Client.ReadCompactionPlanAsync(other, cancellationToken);
            if (plan.Operations.Any(o => hiddenByCompaction.Contains((o.PartitionPath, GroupOf(o.FileId)))))
            {
                throw Conflict($"a compaction of the same file groups was planned meanwhile: {other.RequestedTime}");
            }
        }

        foreach (var (group, clustering) in await before.Client.ReadClusteredFileGroupsAsync(now, cancellationToken))
        {
            if (changed.Contains((group.Partition, GroupOf(group.FileId))))
            {
                throw Conflict($"a clustering of the same file groups was planned meanwhile: {clustering}");
            }
        }
    }

    // Two writers that begin one bucket give it two ids (BucketIndexConcurrentFileWritesConflictResolutionStrategy).
    private string GroupOf(string fileId) => areBuckets && fileId.Length > 8 ? fileId[..8] : fileId;

    private LakehouseException Conflict(string problem) =>
        new(LakehouseErrorKind.Conflict, problem, before.Store.Root, instant: inflight.RequestedTime, remedy: "Repeat the write");
}
