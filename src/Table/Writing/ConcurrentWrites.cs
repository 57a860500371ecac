using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// The last look before a commit: what completed since the write began must not have changed the same file groups (SimpleConcurrentFileWritesConflictResolutionStrategy), and the
/// write itself must not have been rolled back by another that took it for dead.
/// </summary>
internal static class ConcurrentWrites
{
    public static async ValueTask CheckAsync(TableState before, Instant inflight, IReadOnlyList<WrittenFile> files, CancellationToken cancellationToken)
    {
        var now = await before.Client.LoadAsync(cancellationToken: cancellationToken);
        if (!now.Pending.Any(i => i.RequestedTime == inflight.RequestedTime))
        {
            throw Conflict(before, inflight, "another writer rolled this write back while it was under way");
        }

        var known = before.Timeline.CompletedWrites.Select(i => i.RequestedTime).ToHashSet();
        HashSet<(string, string)>? changed = null;
        foreach (var other in now.CompletedWrites.Where(i => !known.Contains(i.RequestedTime)))
        {
            changed ??= [.. files.Where(f => f.Stat.PrevBaseFile is not null).Select(f => (f.PartitionPath, f.Stat.FileId!))];
            var metadata = await before.Client.ReadCommitMetadataAsync(other, cancellationToken);
            var theirs = metadata.PartitionToWriteStats.SelectMany(p => p.Value.Select(s => (p.Key, s.FileId ?? string.Empty)))
                .Concat((metadata.PartitionToReplaceFileIds ?? new Dictionary<string, IReadOnlyList<string>>()).SelectMany(p => p.Value.Select(id => (p.Key, id))));
            if (theirs.Any(changed.Contains))
            {
                throw Conflict(before, inflight, $"another writer changed the same file groups in {other.RequestedTime}");
            }
        }
    }

    private static LakehouseException Conflict(TableState state, Instant instant, string problem) =>
        new(LakehouseErrorKind.Conflict, problem, state.Store.Root, instant: instant.RequestedTime, remedy: "Repeat the write");
}
