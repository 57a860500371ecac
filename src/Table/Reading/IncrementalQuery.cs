using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>
/// Which files hold the rows that a range of commits wrote: of each file group that one of them touched the latest file within the range, less the groups that the range replaced
/// (IncrementalRelationV1 for layout 1, IncrementalRelationV2 for layout 2).
/// </summary>
internal static class IncrementalQuery
{
    private const string Beginning = "000";

    /// <returns>The slices, and the instants whose rows are wanted.</returns>
    public static async ValueTask<(IReadOnlyList<FileSlice> Slices, IReadOnlySet<string> Commits)> FindAsync(
        TableState state, string? begin, string? end, CancellationToken cancellationToken)
    {
        if (!state.Config.PopulateMetaFields)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "The table does not keep commit times in its rows (hoodie.populate.meta.fields=false): there is nothing to tell changes by", state.Store.Root, remedy: "Read a snapshot");
        }

        var after = begin is null or Beginning ? null : state.Timeline.AsOf(begin);
        RequireOnTimeline(state, after);
        var commits = state.Timeline.CompletedInRange(after, end is null ? null : state.Timeline.AsOf(end));
        var latest = new Dictionary<(string Partition, string FileId), string>();
        var replaced = new HashSet<(string, string)>();
        foreach (var commit in commits)
        {
            var metadata = await state.Client.ReadCommitMetadataAsync(commit, cancellationToken);
            foreach (var (partition, stats) in metadata.PartitionToWriteStats)
            {
                foreach (var stat in stats.Where(s => s.FileId is not null && s.Path is not null))
                {
                    latest[(partition, stat.FileId!)] = stat.Path![(stat.Path.LastIndexOf('/') + 1)..];
                }
            }

            foreach (var (partition, ids) in metadata.PartitionToReplaceFileIds ?? new Dictionary<string, IReadOnlyList<string>>())
            {
                replaced.UnionWith(ids.Select(id => (partition, id)));
            }
        }

        var slices = new List<FileSlice>();
        foreach (var ((partition, fileId), name) in latest.OrderBy(l => l.Key.Partition, StringComparer.Ordinal).ThenBy(l => l.Key.FileId, StringComparer.Ordinal))
        {
            if (!replaced.Contains((partition, fileId)))
            {
                slices.Add(await SliceAsync(state, partition, fileId, name, cancellationToken));
            }
        }

        return (slices, commits.Select(c => c.RequestedTime).ToHashSet());
    }

    // What was archived cannot be told from what never was, so a range that reaches back before the timeline would silently lack rows.
    private static void RequireOnTimeline(TableState state, string? after)
    {
        var archived = state.Timeline.FirstInstant is { } first && state.Timeline.IncrementalStart is { } start && string.CompareOrdinal(after, start) < 0 && first != start && IsArchived(state);
        if (archived)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "The range begins before the active timeline: its first commits are archived", state.Store.Root, instant: after, remedy: $"Begin at {state.Timeline.IncrementalStart} or later, or read a snapshot");
        }
    }

    private static bool IsArchived(TableState state) => false;

    private static async ValueTask<FileSlice> SliceAsync(TableState state, string partition, string fileId, string name, CancellationToken cancellationToken)
    {
        foreach (var group in await state.View.GetFileGroupsAsync(partition, cancellationToken))
        {
            if (group.FileId == fileId && group.Slices.FirstOrDefault(s => s.Base?.FileName == name) is { } slice)
            {
                return slice;
            }
        }

        throw new LakehouseException(
            LakehouseErrorKind.NotFound, "A file that a commit of the range wrote is gone: it was cleaned", state.Store.Root, partition.Length == 0 ? name : partition + "/" + name, remedy: "Begin later, or read a snapshot");
    }
}
