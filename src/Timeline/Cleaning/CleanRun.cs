using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// The way of a clean from its plan to its completion (CleanActionExecutor). Interrupted anywhere and repeated, it ends the same: the plan is on the timeline before the first file goes, and a file that
/// is gone already counts as deleted.
/// </summary>
/// <param name="client">The table's timeline.</param>
/// <param name="complete">Completes the instant with what was done.</param>
internal sealed class CleanRun(TimelineClient client, Func<Instant, CleanMetadata, CancellationToken, ValueTask<Instant>> complete)
{
    private const int FilesAtOnce = 8;
    private const int ManyFiles = 64;

    /// <summary>Puts a plan on the timeline.</summary>
    public ValueTask<Instant> RequestAsync(ActiveTimeline timeline, CleanPlan plan, CancellationToken cancellationToken) =>
        client.RequestAsync(timeline, Actions.Clean, plan.Write(), cancellationToken);

    /// <summary>Executes a clean that is requested or inflight.</summary>
    /// <param name="planned">The clean.</param>
    /// <param name="view">The table's files as they are now.</param>
    /// <param name="cancellationToken">Ends the work; the next run goes on.</param>
    /// <param name="plan">Its plan; null: it is read.</param>
    public async ValueTask<(Instant Completed, CleanMetadata Metadata)> ExecuteAsync(Instant planned, FileSystemView view, CancellationToken cancellationToken, CleanPlan? plan = null)
    {
        var started = client.Environment.Clock.GetTimestamp();
        plan ??= await client.ReadCleanPlanAsync(planned, cancellationToken);
        var targets = await TargetsAsync(planned, plan, view, cancellationToken);
        var inflight = planned.State == InstantState.Inflight
            ? planned
            : await client.StartAsync(planned, client.Layout.Version == 1 ? plan.Write() : default, cancellationToken: cancellationToken);
        await DeleteAsync([.. targets.SelectMany(t => t.Value.Select(n => ObjectPath.Join(t.Key, n)))], cancellationToken);
        var partitions = new Dictionary<string, CleanedPartition>();
        foreach (var (partition, names) in targets)
        {
            partitions[partition] = new CleanedPartition(plan.Policy, names, plan.PartitionsToBeDeleted.Contains(partition) && await DeletePartitionAsync(partition, cancellationToken));
        }

        var taken = (long)client.Environment.Clock.GetElapsedTime(started).TotalMilliseconds;
        var metadata = new CleanMetadata(planned.RequestedTime, taken, plan.EarliestToRetain?.Time ?? string.Empty, plan.LastCompletedCommit, partitions, plan.ExtraMetadata);
        return (await complete(inflight, metadata, cancellationToken), metadata);
    }

    /// <summary>
    /// The files of a plan by partition. Of a path only the name is trusted, since a table may have been moved, and only where it is a data file's. What the latest snapshot shows, a service is planned for or
    /// a savepoint names by now is left out: since the plan was made a commit may have been rolled back, or a savepoint made.
    /// </summary>
    private async ValueTask<Dictionary<string, IReadOnlyList<string>>> TargetsAsync(Instant planned, CleanPlan plan, FileSystemView view, CancellationToken cancellationToken)
    {
        var needed = await NeededSlices.ReadAsync(client, view, await client.ReadSavepointsAsync(view.Timeline, cancellationToken), cancellationToken);
        var replaced = await view.GetReplacedAsync(cancellationToken);
        var targets = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (partition, paths) in plan.Files)
        {
            var kept = new HashSet<string>(StringComparer.Ordinal);
            foreach (var group in await view.GetFileGroupsAsync(partition, cancellationToken))
            {
                bool isLive = replaced.InstantOf(partition, group.FileId) is null;
                for (int i = 0; i < group.Slices.Count; i++)
                {
                    if ((i == 0 && isLive) || needed.Keep(group.Slices[i]))
                    {
                        kept.UnionWith(group.Slices[i].FileNames());
                    }
                }
            }

            targets[partition] = [.. paths.Select(p => Checked(p, planned)).Where(n => !kept.Contains(n)).Distinct()];
        }

        return targets;
    }

    private string Checked(string path, Instant planned)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return FileNames.TryParseBaseFile(string.Empty, name, 0, out _) || FileNames.TryParseLogFile(string.Empty, name, 0, out _)
            ? name
            : throw new LakehouseException(
                LakehouseErrorKind.Unsupported, $"the clean plan wants more than to delete data files: '{path}'", client.Store.Root, client.PathOf(planned with { State = InstantState.Requested }), planned.RequestedTime, "Let Hudi execute this clean");
    }

    private async ValueTask DeleteAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        if (paths.Count < ManyFiles)
        {
            await Requests.ForEachAsync(client.Store, paths, async path => await client.Store.DeleteAsync(path, cancellationToken));
        }
        else
        {
            var options = new ParallelOptions { MaxDegreeOfParallelism = FilesAtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(paths, options, async (path, stop) => await client.Store.DeleteAsync(path, stop));
        }
    }

    // A write under way may be about to put its first file there.
    private async ValueTask<bool> DeletePartitionAsync(string partition, CancellationToken cancellationToken) =>
        partition.Length > 0
        && !(await client.LoadAsync(cancellationToken: cancellationToken)).Pending.Any(i => i.Action is not (Actions.Clean or Actions.Indexing))
        && await CleanedFolder.DeleteAsync(client.Store, partition, cancellationToken);
}
