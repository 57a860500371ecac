using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>
/// Which files hold the rows that a range of commits wrote: of each file group that one of them touched the latest slice with a file of the range, less the groups that the range
/// replaced. Of a slice with logs only the files of the range are merged, as Hudi does: a late row that loses against a base file from before the range comes out with its own values
/// (IncrementalRelationV1 and MergeOnReadIncrementalRelationV1 for layout 1, ...V2 for layout 2).
/// </summary>
internal static class IncrementalQuery
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<string>> NoGroups = new Dictionary<string, IReadOnlyList<string>>();

    /// <returns>The slices, and which rows of them.</returns>
    public static async ValueTask<(IReadOnlyList<FileSlice> Slices, CommitFilter Commits)> FindAsync(
        TableState state, string? begin, string? end, CancellationToken cancellationToken)
    {
        if (!state.Config.PopulateMetaFields)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "The table does not keep commit times in its rows (hoodie.populate.meta.fields=false): there is nothing to tell changes by", state.Store.Root, remedy: "Read a snapshot");
        }

        var range = await state.Client.ResolveRangeAsync(state.Timeline, begin, end, cancellationToken: cancellationToken);
        var wanted = new CommitFilter(range, state.Timeline);
        if (range.IncludesArchived)
        {
            // What the archived commits wrote is known to the rows only.
            return (await state.View.GetAllSlicesAsync(cancellationToken: cancellationToken), wanted);
        }

        var commits = range.Instants;
        var written = new Dictionary<(string Partition, string FileId), HashSet<string>>();
        var replaced = new HashSet<(string, string)>();
        foreach (var commit in commits)
        {
            var metadata = await state.Client.ReadCommitMetadataAsync(commit, cancellationToken);
            foreach (var (partition, stats) in metadata.PartitionToWriteStats)
            {
                foreach (var stat in stats.Where(s => s.FileId is not null && s.Path is not null))
                {
                    if (!written.TryGetValue((partition, stat.FileId!), out var names))
                    {
                        written[(partition, stat.FileId!)] = names = [];
                    }

                    names.Add(stat.Path![(stat.Path!.LastIndexOf('/') + 1)..]);
                }
            }

            foreach (var (partition, ids) in metadata.PartitionToReplaceFileIds ?? NoGroups)
            {
                replaced.UnionWith(ids.Select(id => (partition, id)));
            }
        }

        var slices = new List<FileSlice>();
        foreach (var ((partition, fileId), names) in written.OrderBy(l => l.Key.Partition, StringComparer.Ordinal).ThenBy(l => l.Key.FileId, StringComparer.Ordinal))
        {
            if (replaced.Contains((partition, fileId)))
            {
                continue;
            }

            var groups = await state.View.GetFileGroupsAsync(partition, cancellationToken);
            if (groups.FirstOrDefault(g => g.FileId == fileId) is not { } group || SliceOf(state, group, names, await state.View.GetPendingAsync(cancellationToken)) is not { } slice)
            {
                // The file was cleaned: its rows, as far as they are still there, are in the latest files (hoodie.datasource.read.incr.fallback.fulltablescan.enable).
                return (await state.View.GetAllSlicesAsync(cancellationToken: cancellationToken), wanted);
            }

            slices.Add(slice);
        }

        return (slices, wanted);
    }

    // The latest slice that the files of the range make: a compaction completed after the range does not divide it.
    private static FileSlice? SliceOf(TableState state, FileGroup group, HashSet<string> names, PendingCompactions pending)
    {
        var files = new FileGroupBuilder(state.Timeline, group.PartitionPath, pending);
        foreach (var slice in group.Slices)
        {
            if (slice.Base is { } file && names.Contains(file.FileName))
            {
                files.Add(file.FileName, file.Length);
            }

            foreach (var log in slice.Logs.Where(l => names.Contains(l.FileName)))
            {
                files.Add(log.FileName, log.Length);
            }
        }

        return files.Build() is [{ Slices: [var latest, ..] }] ? latest : null;
    }
}
