using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>Finds what each commit of a range changed, file group by file group (HoodieCDCExtractor). Compaction and clustering change no rows.</summary>
internal sealed class ChangePlanner(TableState state)
{
    private readonly List<ChangeSource> sources = [];

    /// <returns>The changes in the order in which their commits took effect.</returns>
    public static async ValueTask<IReadOnlyList<ChangeSource>> PlanAsync(TableState state, string? begin, string? end, CancellationToken cancellationToken)
    {
        RequireCdc(state);
        // Hudi 1.2 passes archived commits over in silence; here they are read as far as a cleaner has left their files.
        var range = await state.Client.ResolveRangeAsync(state.Timeline, begin, end, namesAll: true, cancellationToken);
        var planner = new ChangePlanner(state);
        foreach (var commit in range.Instants)
        {
            await planner.AddAsync(commit, cancellationToken);
        }

        return planner.sources;
    }

    private static void RequireCdc(TableState state)
    {
        if (state.Config.CdcLogging is null)
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, "The table keeps no change data (hoodie.table.cdc.enabled is not true)", state.Store.Root, remedy: "Read incrementally, which gives the new rows without the old ones");
        }

        if (!state.Config.PopulateMetaFields)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported, "The table's rows are without meta columns (hoodie.populate.meta.fields=false): changes cannot be told by key", state.Store.Root, remedy: "Read a snapshot");
        }
    }

    private async ValueTask AddAsync(Instant commit, CancellationToken cancellationToken)
    {
        var metadata = await state.Client.ReadCommitMetadataAsync(commit, cancellationToken);
        if (metadata.Compacted || metadata.OperationType is WriteOperations.Compact or WriteOperations.LogCompact or WriteOperations.Cluster)
        {
            return;
        }

        foreach (var (partition, ids) in (metadata.PartitionToReplaceFileIds ?? new Dictionary<string, IReadOnlyList<string>>()).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            foreach (var id in ids)
            {
                var before = await BeforeAsync(commit, partition, id, cancellationToken) ?? throw Gone(commit, partition, id);
                sources.Add(new ChangeSource(commit.RequestedTime, ChangeInference.Deleted, before, null, []));
            }
        }

        foreach (var (partition, stats) in metadata.PartitionToWriteStats.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            foreach (var group in stats.Where(s => s.FileId is not null && s.Path is not null).GroupBy(s => s.FileId!))
            {
                await AddGroupAsync(commit, metadata, partition, group.Key, [.. group], cancellationToken);
            }
        }
    }

    private async ValueTask AddGroupAsync(Instant commit, CommitMetadata metadata, string partition, string fileId, IReadOnlyList<WriteStat> stats, CancellationToken cancellationToken)
    {
        var before = await BeforeAsync(commit, partition, fileId, cancellationToken);
        var cdc = stats.SelectMany(s => s.CdcStats ?? new Dictionary<string, long>()).ToList();
        if (cdc.Count > 0)
        {
            var logs = cdc.Select(c => Parse(partition, c.Key, c.Value, commit)).Order(Comparer<LogFile>.Create(FileNames.CompareLogFiles)).ToList();
            var after = await AfterAsync(commit, partition, fileId, cancellationToken);
            bool had = stats.Any(s => s.PrevCommit is not (null or "null" or ""));
            if (state.Config.CdcLogging != CdcLogging.BeforeAndAfter && (after is null || (had && before is null && state.Config.CdcLogging == CdcLogging.KeyOnly)))
            {
                // What is not logged is looked up in the slices.
                throw Gone(commit, partition, fileId);
            }

            sources.Add(new ChangeSource(commit.RequestedTime, ChangeInference.Logged, before, after, logs));
            return;
        }

        var names = stats.Select(s => s.Path![(s.Path!.LastIndexOf('/') + 1)..]).ToHashSet();
        if (names.Any(n => FileNames.TryParseLogFile(partition, n, 0, out _)))
        {
            // The slice that holds the logs, which a compaction that was planned meanwhile may have begun.
            var groups = await state.View.GetFileGroupsAsync(partition, cancellationToken);
            var slice = groups.FirstOrDefault(g => g.FileId == fileId)?.Slices.FirstOrDefault(s => s.Logs.Any(l => names.Contains(l.FileName))) ?? throw Gone(commit, partition, fileId);
            sources.Add(new ChangeSource(
                commit.RequestedTime, ChangeInference.Compared, Until(slice, t => IsBefore(t, commit)), Until(slice, t => !IsAfter(t, commit)), [.. slice.Logs.Where(l => names.Contains(l.FileName))]));
            return;
        }

        var stat = stats[0];
        if (metadata.OperationType == WriteOperations.Delete && stat.NumWrites == 0 && stat.NumDeletes > 0)
        {
            sources.Add(new ChangeSource(commit.RequestedTime, ChangeInference.Deleted, before ?? throw Gone(commit, partition, fileId), null, []));
        }
        else if (stat.NumUpdateWrites == 0 && stat.NumDeletes == 0 && stat.NumWrites == stat.NumInserts)
        {
            sources.Add(new ChangeSource(commit.RequestedTime, ChangeInference.Inserted, null, await AfterAsync(commit, partition, fileId, cancellationToken) ?? throw Gone(commit, partition, fileId), []));
        }
        else
        {
            throw new LakehouseException(
                LakehouseErrorKind.Corrupt,
                "The commit rewrote a base file and left no change data beside it",
                state.Store.Root,
                stat.Path,
                commit.RequestedTime,
                "Ask for ranges that do not hold this commit; Apache Hudi up to 1.2 leaves such commits when an insert fills up a small file");
        }
    }

    private static bool IsBefore(string time, Instant commit) => string.CompareOrdinal(time, commit.RequestedTime) < 0;

    private static bool IsAfter(string time, Instant commit) => string.CompareOrdinal(time, commit.RequestedTime) > 0;

    private static FileSlice Until(FileSlice slice, Func<string, bool> counts) => slice with { Logs = [.. slice.Logs.Where(l => counts(l.Instant))] };

    private ValueTask<FileSlice?> BeforeAsync(Instant commit, string partition, string fileId, CancellationToken cancellationToken) =>
        SliceAsync(partition, fileId, t => IsBefore(t, commit), cancellationToken);

    private ValueTask<FileSlice?> AfterAsync(Instant commit, string partition, string fileId, CancellationToken cancellationToken) =>
        SliceAsync(partition, fileId, t => !IsAfter(t, commit), cancellationToken);

    private async ValueTask<FileSlice?> SliceAsync(string partition, string fileId, Func<string, bool> counts, CancellationToken cancellationToken)
    {
        var groups = await state.View.GetFileGroupsAsync(partition, cancellationToken);
        return groups.FirstOrDefault(g => g.FileId == fileId)?.Slices.FirstOrDefault(s => counts(s.BaseInstant)) is { } slice ? Until(slice, counts) : null;
    }

    private LogFile Parse(string partition, string path, long length, Instant commit) =>
        FileNames.TryParseLogFile(partition, path[(path.LastIndexOf('/') + 1)..], length, out var file) && file.IsCdc
            ? file
            : throw new LakehouseException(LakehouseErrorKind.Corrupt, "The commit names a change data file that is none", state.Store.Root, path, commit.RequestedTime, "Restore the commit's file");

    private LakehouseException Gone(Instant commit, string partition, string fileId) => new(
        LakehouseErrorKind.NotFound,
        $"The files that the commit wrote to file group {fileId} of partition '{partition}' are gone: a cleaner has deleted them",
        state.Store.Root,
        state.Client.PathOf(commit),
        commit.RequestedTime,
        "Ask for a range that begins later");
}
