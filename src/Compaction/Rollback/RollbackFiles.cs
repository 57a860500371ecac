using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Finds and undoes the data files of one instant (MarkerBasedRollbackStrategy, ListingBasedRollbackStrategy, RollbackHelper).</summary>
/// <param name="store">The table's storage.</param>
/// <param name="layout">The table's layout.</param>
/// <param name="instant">The instant.</param>
/// <param name="action">Its action. A compaction writes base files alone: what else bears its time are logs that later writes of a version 6 table added to the slice that it begins.</param>
/// <param name="runsAgain">Whether it is a clustering whose plan stays: what Hudi's writers log to the buckets that it is to make bears its time, too, and is theirs (SparkConsistentBucketDuplicateUpdateStrategy).</param>
internal sealed class RollbackFiles(IObjectStore store, ITimelineLayout layout, string instant, string action, bool runsAgain = false)
{
    private readonly RollbackLogs logs = new(store, instant);

    // Layout 1 names a log by its slice: what one write appended to the slice is not known by its file's name.
    private bool LogsShareNames => !layout.OrdersByCompletion && action != Actions.Compaction;

    /// <summary>
    /// By the write's markers. Where there are none, by a listing: Hudi would plan nothing then and leave the files behind, to become visible once the timeline is archived past
    /// their instant (HoodieTimeline.containsOrBeforeTimelineStarts).
    /// </summary>
    public async ValueTask<IReadOnlyList<RollbackRequest>> FindForPendingAsync(CancellationToken cancellationToken)
    {
        var markers = new Markers(store, instant);
        if (!await markers.ExistAsync(cancellationToken))
        {
            return await FindByListingAsync(null, cancellationToken);
        }

        var requests = new List<RollbackRequest>();
        var blocks = new List<string>();
        foreach (var marker in await markers.ListAsync(cancellationToken))
        {
            var partition = ObjectPath.Folder(marker.DataPath);
            var name = marker.DataPath[(partition.Length == 0 ? 0 : partition.Length + 1)..];
            if (IsOfInstant(name))
            {
                requests.Add(Request(partition, name));
            }
            else if (marker.Type == MarkerType.Append && LogsShareNames && FileNames.TryParseLogFile(partition, name, 0, out _))
            {
                blocks.Add(marker.DataPath);
            }
            else
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Unsupported,
                    $"the marker of '{marker.DataPath}' is not one of a data file of this instant",
                    store.Root,
                    markers.Folder,
                    instant,
                    "Roll the instant back with Hudi");
            }
        }

        return [.. requests.DistinctBy(r => r.FilesToBeDeleted[0]), .. await logs.RequestsAsync(blocks, cancellationToken)];
    }

    /// <summary>Every file of the instant in every partition.</summary>
    /// <param name="metadata">What the commit says it wrote; null where it was not completed: then the logs of a version 6 table are looked into for blocks of the instant.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async ValueTask<IReadOnlyList<RollbackRequest>> FindByListingAsync(CommitMetadata? metadata, CancellationToken cancellationToken)
    {
        var requests = new List<RollbackRequest>();
        var blocks = metadata?.PartitionToWriteStats.Values.SelectMany(s => s).Select(s => s.Path).OfType<string>().Where(p => IsOtherLog(p)).ToList() ?? [];
        foreach (var partition in await PartitionListing.ListAsync(store, static (_, _) => { }, cancellationToken))
        {
            await foreach (var file in store.ListAsync(partition, recursive: false, cancellationToken))
            {
                if (!file.IsFolder && (runsAgain ? IsBase(file.Name) : IsOfInstant(file.Name)))
                {
                    requests.Add(Request(partition, file.Name));
                }
                else if (metadata is null && !file.IsFolder && IsOtherLog(file.Name) && await logs.HasBlockAsync(file, cancellationToken))
                {
                    blocks.Add(file.Path);
                }
            }
        }

        return [.. requests, .. await logs.RequestsAsync(blocks, cancellationToken)];
    }

    /// <summary>Deletes what a plan names, where a file that is gone already counts as deleted, and adds command blocks for the log blocks that it names.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="rollback">Requested time of the rollback.</param>
    /// <param name="cancellationToken">Ends the work; the plan can be executed again.</param>
    /// <returns>What was done in each partition.</returns>
    public async ValueTask<IReadOnlyDictionary<string, RolledBackPartition>> ExecuteAsync(RollbackPlan plan, string rollback, CancellationToken cancellationToken)
    {
        // All names are checked before the first file is deleted.
        var targets = plan.Requests.SelectMany(r => r.FilesToBeDeleted.Select(f => (r.PartitionPath, Name: Checked(f)))).Distinct().ToList();
        var blocks = plan.Requests.Where(r => r.LogBlocksToBeDeleted.Count > 0).ToList();
        if (blocks.Count > 0 && !LogsShareNames)
        {
            throw Refusal(blocks[0].LogBlocksToBeDeleted.Keys.First());
        }

        var deleted = targets.ToLookup(t => t.PartitionPath, t => FullPath(t.PartitionPath, t.Name));
        foreach (var (partition, name) in targets)
        {
            await store.DeleteAsync(ObjectPath.Join(partition, name), cancellationToken);
        }

        var undone = await logs.UndoAsync(blocks, rollback, cancellationToken);
        return deleted.Select(d => d.Key).Union(undone.Keys).ToDictionary(p => p, p => undone.GetValueOrDefault(p, new RolledBackPartition()) with { DeletedFiles = [.. deleted[p]] });
    }

    /// <summary>Only the name of a planned file is trusted, since a table may have been moved, and only when it bears the instant: a plan must never delete another commit's file.</summary>
    private string Checked(string file)
    {
        var name = file[(file.LastIndexOf('/') + 1)..];
        return IsOfInstant(name) ? name : throw Refusal(file);
    }

    private bool IsBase(string name) => FileNames.TryParseBaseFile(string.Empty, name, 0, out var file) && file.Instant == instant;

    private bool IsOfInstant(string name) =>
        IsBase(name)
        || (action != Actions.Compaction && FileNames.TryParseLogFile(string.Empty, name, 0, out var log) && log.Instant == instant);

    private bool IsOtherLog(string path) =>
        LogsShareNames && FileNames.TryParseLogFile(string.Empty, path[(path.LastIndexOf('/') + 1)..], 0, out var log) && !log.IsCdc && log.Instant != instant;

    private RollbackRequest Request(string partition, string name) => new(partition, [FullPath(partition, name)], new Dictionary<string, long>());

    private string FullPath(string partition, string name) => store.Root.TrimEnd('/') + "/" + ObjectPath.Join(partition, name);

    private LakehouseException Refusal(string file) => new(
        LakehouseErrorKind.Unsupported, $"the rollback plan wants more than to undo files of its instant: '{file}'", store.Root, instant: instant, remedy: "Let Hudi execute this rollback");
}
