using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>Makes, lists and deletes savepoints (SavepointActionExecutor, SavepointHelpers). A process that dies leaves at most an inflight file, which protects nothing and is taken up by the next.</summary>
internal sealed class SavepointExecutor(TimelineClient client)
{
    /// <summary>Makes a savepoint of a completed commit.</summary>
    /// <param name="instant">Its requested time; null: the latest.</param>
    /// <param name="options">What is noted with it.</param>
    /// <param name="cancellationToken">Ends the work before the savepoint is made.</param>
    public async ValueTask<Savepoint> CreateAsync(string? instant, SavepointOptions options, CancellationToken cancellationToken = default)
    {
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        PendingRestore.Refuse(client, timeline);
        var commit = (instant is null ? timeline.LatestCompletedWrite : timeline.FindCompletedWrite(instant))
            ?? throw new LakehouseException(
                LakehouseErrorKind.NotFound, "the active timeline has no completed commit to make a savepoint of", client.Store.Root, client.Layout.Folder, instant, "List the instants with 'timeline'");
        if (timeline.Savepoints.Contains(commit.RequestedTime))
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, "this commit has a savepoint already", client.Store.Root, instant: commit.RequestedTime, remedy: "Delete the savepoint first, to note something else with it");
        }

        await RefuseCleanedAsync(client, timeline, commit.RequestedTime, cancellationToken);
        var metadata = new SavepointMetadata(
            options.User, client.Environment.Clock.GetUtcNow().ToUnixTimeMilliseconds(), options.Comments, await FilesAsync(timeline, commit.RequestedTime, cancellationToken));
        if (options.DryRun)
        {
            return Describe(commit.RequestedTime, metadata);
        }

        var inflight = new Instant(commit.RequestedTime, Actions.Savepoint, InstantState.Inflight);
        await client.EnsureAsync(inflight, cancellationToken);
        var completed = await client.CompleteAsync(inflight, metadata.Write(), cancellationToken);
        if (await TakenAsync(timeline, metadata, cancellationToken) is { } taken)
        {
            await client.Store.DeleteAsync(client.PathOf(completed), cancellationToken);
            await client.DeletePendingAsync(inflight, cancellationToken);
            throw taken;
        }

        return Describe(commit.RequestedTime, metadata);
    }

    /// <summary>Deletes a savepoint: the commit stays, but is no longer protected.</summary>
    public async ValueTask DeleteAsync(string instant, CancellationToken cancellationToken = default)
    {
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        PendingRestore.Refuse(client, timeline);
        var savepoint = timeline.Find(instant).FirstOrDefault(i => i.Action == Actions.Savepoint)
            ?? throw new LakehouseException(LakehouseErrorKind.NotFound, "there is no such savepoint", client.Store.Root, client.Layout.Folder, instant, "List the savepoints with 'savepoint list'");
        if (savepoint.IsCompleted)
        {
            await client.Store.DeleteAsync(client.PathOf(savepoint), cancellationToken);
        }

        await client.DeletePendingAsync(new Instant(instant, Actions.Savepoint, InstantState.Inflight), cancellationToken);
    }

    /// <summary>All completed savepoints, the oldest commit first.</summary>
    public async ValueTask<IReadOnlyList<Savepoint>> ListAsync(CancellationToken cancellationToken = default)
    {
        var savepoints = await client.ReadSavepointsAsync(await client.LoadAsync(cancellationToken: cancellationToken), cancellationToken);
        return [.. savepoints.ByInstant.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => Describe(s.Key, s.Value))];
    }

    /// <summary>Refuses a commit that a cleaner may have taken files of: those before the oldest that the latest clean, planned or completed, leaves alone.</summary>
    internal static async ValueTask RefuseCleanedAsync(TimelineClient client, ActiveTimeline timeline, string commit, CancellationToken cancellationToken)
    {
        if (await client.ReadCleanedUpToAsync(timeline, cancellationToken) is { } kept && string.CompareOrdinal(commit, kept) < 0)
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput, $"files of this commit may be gone: a cleaner has left alone what was written from {kept} on", client.Store.Root, instant: commit, remedy: $"Choose {kept} or a later commit");
        }
    }

    /// <summary>
    /// Why the savepoint cannot stand: a clean that looked for savepoints before this one was complete has taken files of it, or may. One that looks afterwards leaves them (<see cref="CleanRun"/>). Where
    /// something was archived meanwhile, such a clean may have been as well.
    /// </summary>
    private async ValueTask<LakehouseException?> TakenAsync(ActiveTimeline before, SavepointMetadata metadata, CancellationToken cancellationToken)
    {
        var named = metadata.Files.SelectMany(p => p.Value).ToHashSet(StringComparer.Ordinal);
        var now = await client.LoadAsync(cancellationToken: cancellationToken);
        if (before.Instants.FirstOrDefault(b => b.IsCompleted && b.Action != Actions.Savepoint && !now.Find(b.RequestedTime).Any(n => n.Action == b.Action)) is { } gone)
        {
            return new LakehouseException(
                LakehouseErrorKind.Conflict, $"the {gone.Action} {gone.RequestedTime} was archived while this savepoint was made", client.Store.Root, client.Layout.Folder, gone.RequestedTime, "Make the savepoint again, of a commit that is on the timeline");
        }

        foreach (var clean in now.Instants.Where(i => i.Action == Actions.Clean && (!i.IsCompleted || !before.Find(i.RequestedTime).Any(b => b.Action == Actions.Clean && b.IsCompleted))))
        {
            var files = clean.IsCompleted
                ? (await client.ReadCleanMetadataAsync(clean, cancellationToken)).Partitions.Values.SelectMany(p => p.DeletedFiles)
                : (await client.ReadCleanPlanAsync(clean, cancellationToken)).Files.Values.SelectMany(f => f);
            if (files.Select(f => f[(f.LastIndexOf('/') + 1)..]).FirstOrDefault(named.Contains) is { } file)
            {
                return new LakehouseException(
                    LakehouseErrorKind.Conflict, $"a clean takes files of this commit: '{file}'", client.Store.Root, client.PathOf(clean), clean.RequestedTime, "Choose a later commit, or try again when the clean is done");
            }
        }

        return null;
    }

    /// <summary>
    /// The slices of all partitions that a reader sees as of the commit, each with all its logs, as Hudi lists them; also partitions without any. And logs of the commit, or of one before it, that lie in a later
    /// slice, that of a compaction planned while it was under way: without them half a commit would be kept (<see cref="FileGroup.SliceAsOf"/>).
    /// </summary>
    private async ValueTask<IReadOnlyDictionary<string, IReadOnlyList<string>>> FilesAsync(ActiveTimeline timeline, string commit, CancellationToken cancellationToken)
    {
        var view = new FileSystemView(client, timeline);
        var replaced = await view.GetReplacedAsync(cancellationToken);
        var files = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var partition in await view.GetPartitionsAsync(cancellationToken))
        {
            var names = new List<string>();
            foreach (var group in await view.GetFileGroupsAsync(partition, cancellationToken))
            {
                if (!replaced.IsReplaced(partition, group.FileId, commit) && group.Slices.FirstOrDefault(s => string.CompareOrdinal(s.BaseInstant, commit) <= 0) is { } slice)
                {
                    names.AddRange(slice.Base is { } file ? [file.FileName] : []);
                    names.AddRange(slice.Logs.Concat(group.SliceAsOf(commit)!.Logs).Select(l => l.FileName).Distinct());
                }
            }

            files[partition] = names;
        }

        return files;
    }

    private static Savepoint Describe(string instant, SavepointMetadata metadata) => new()
    {
        Instant = instant,
        User = metadata.SavepointedBy,
        Comments = metadata.Comments,
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(metadata.SavepointedAt),
        Files = [.. metadata.Files.SelectMany(p => p.Value.Select(f => p.Key.Length == 0 ? f : p.Key + "/" + f))],
    };
}
