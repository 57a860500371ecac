using System.Collections.Concurrent;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <content>Commit metadata, kept in a small cache: completed instants never change.</content>
internal sealed partial class TimelineClient
{
    private const int CacheLimit = 256;
    private const int KeptLength = 256 * 1024;
    private readonly ConcurrentDictionary<string, CommitMetadata> cache = new();

    /// <summary>What a commit, delta commit or replace commit holds; empty metadata for an empty file. One that was archived is looked up there.</summary>
    public async ValueTask<CommitMetadata> ReadCommitMetadataAsync(Instant instant, CancellationToken cancellationToken = default)
    {
        var path = PathOf(instant);
        if (instant.IsCompleted && cache.TryGetValue(path, out var known))
        {
            return known;
        }

        ReadOnlyMemory<byte> content;
        try
        {
            content = await Store.ReadAsync(path, cancellationToken);
        }
        catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.NotFound && instant.IsCompleted)
        {
            // Archived, perhaps since the timeline was loaded.
            if (await ReadArchivedCommitAsync(instant.RequestedTime, cancellationToken) is { } archived)
            {
                return Keep(path, archived);
            }

            throw;
        }

        if (instant.IsCompleted && content.IsEmpty)
        {
            // Hudi takes it for a commit of nothing; here it would hide which schema the rows were written with.
            throw new LakehouseException(
                LakehouseErrorKind.Corrupt, "The completed commit's file is empty", Store.Root, path, instant.RequestedTime, "Restore the file, or roll the commit back");
        }

        CommitMetadata metadata;
        try
        {
            metadata = CommitMetadataCodec.Read(content.Span);
        }
        catch (LakehouseException e) when (e.Path is null)
        {
            throw new LakehouseException(e.Kind, e.Problem, Store.Root, path, instant.RequestedTime, e.Remedy, e);
        }

        return instant.IsCompleted ? Keep(path, metadata) : metadata;
    }

    private CommitMetadata Keep(string path, CommitMetadata metadata)
    {
        if (cache.Count >= CacheLimit)
        {
            cache.Clear();
        }

        return cache[path] = metadata;
    }

    /// <summary>Requested and inflight of a write: mints the time, creates both files, and returns the inflight instant.</summary>
    /// <param name="timeline">As just loaded.</param>
    /// <param name="action"><see cref="Actions.Commit"/> or <see cref="Actions.ReplaceCommit"/> (<see cref="Actions.DeltaCommit"/> on merge-on-read).</param>
    /// <param name="profile">The workload profile that Hudi puts into the inflight file; null leaves it empty, as Hudi's bulk insert does.</param>
    /// <param name="cancellationToken">Cancels between the two files.</param>
    public async ValueTask<Instant> BeginCommitAsync(ActiveTimeline timeline, string action, CommitMetadata? profile = null, CancellationToken cancellationToken = default)
    {
        // A replace commit's requested file holds a HoodieRequestedReplaceMetadata, of nulls where no clustering is planned.
        var plan = action == Actions.ReplaceCommit ? RequestedReplaceMetadata.Empty : default;
        var requested = await RequestAsync(timeline, action, plan, cancellationToken);
        return await StartCommitAsync(requested, profile, cancellationToken);
    }

    /// <summary>Requested to inflight of a write, with its workload profile (null: an empty file).</summary>
    public ValueTask<Instant> StartCommitAsync(Instant requested, CommitMetadata? profile, CancellationToken cancellationToken = default) =>
        StartAsync(requested, profile is null ? default : CommitMetadataCodec.Write(profile with { PartitionToReplaceFileIds = null }, Layout.Version), Durability.Deferred, cancellationToken);

    /// <summary>Completes a write: from here on it is visible. See <see cref="CompleteAsync"/>.</summary>
    public async ValueTask<Instant> CompleteCommitAsync(Instant inflight, CommitMetadata metadata, CancellationToken cancellationToken = default, Durability durability = Durability.Synced)
    {
        if (inflight.Action == Actions.ReplaceCommit && metadata.PartitionToReplaceFileIds is null)
        {
            metadata = metadata with { PartitionToReplaceFileIds = new Dictionary<string, IReadOnlyList<string>>() };
        }

        // As it will be read: what could not be is refused before it is committed.
        var content = CommitMetadataCodec.Write(metadata, Layout.Version);
        var read = content.Length <= KeptLength ? CommitMetadataCodec.Read(content.Span) : null;
        var completed = await CompleteAsync(inflight, content, cancellationToken, durability);
        if (completed.CompletionTime is not null && read is not null)
        {
            // Its name comes back to no other commit.
            Keep(PathOf(completed), read);
        }

        return completed;
    }

    /// <summary>Which file groups the completed replace commits of a timeline replaced.</summary>
    public async ValueTask<ReplacedFileGroups> ReadReplacedFileGroupsAsync(ActiveTimeline timeline, CancellationToken cancellationToken = default)
    {
        var replaced = new ReplacedFileGroups();
        foreach (var instant in timeline.CompletedWrites)
        {
            if (instant.Action == Actions.ReplaceCommit)
            {
                replaced.Add(instant.RequestedTime, await ReadCommitMetadataAsync(instant, cancellationToken));
            }
        }

        return replaced;
    }

    /// <summary>
    /// The table's schema as of a time, Avro JSON as stored (it may have the meta columns in front): from the latest write, by requested time, that may change the schema and names
    /// one (ActiveTimelineV2.getLastCommitMetadataWithValidSchema). Null when there is none: the table's create schema stands then.
    /// </summary>
    public async ValueTask<string?> ReadLatestSchemaAsync(ActiveTimeline timeline, string? asOf = null, CancellationToken cancellationToken = default) =>
        (await ReadLatestSchemaCommitAsync(timeline, asOf, cancellationToken))?.ExtraMetadata[CommitMetadata.SchemaKey];

    /// <summary>The commit that <see cref="ReadLatestSchemaAsync"/> takes the schema from.</summary>
    public async ValueTask<CommitMetadata?> ReadLatestSchemaCommitAsync(ActiveTimeline timeline, string? asOf = null, CancellationToken cancellationToken = default)
    {
        for (int i = timeline.Instants.Count - 1; i >= 0; i--)
        {
            var instant = timeline.Instants[i];
            if (!instant.IsCompleted || !Actions.IsWrite(instant.Action) || (asOf is not null && string.CompareOrdinal(instant.RequestedTime, asOf) > 0))
            {
                continue;
            }

            var metadata = await ReadCommitMetadataAsync(instant, cancellationToken);
            if (WriteOperations.CanUpdateSchema(metadata.OperationType) && metadata.ExtraMetadata.TryGetValue(CommitMetadata.SchemaKey, out var schema) && schema.Length > 0)
            {
                return metadata;
            }
        }

        return null;
    }

    /// <summary>What the latest completed write holds, by requested time; null when there is none.</summary>
    /// <param name="timeline">As loaded.</param>
    /// <param name="asOf">Only writes requested by then.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<CommitMetadata?> ReadLatestWriteAsync(ActiveTimeline timeline, string? asOf = null, CancellationToken cancellationToken = default)
    {
        var latest = timeline.Instants.LastOrDefault(i => i.IsCompleted && Actions.IsWrite(i.Action) && (asOf is null || string.CompareOrdinal(i.RequestedTime, asOf) <= 0));
        return latest is null ? null : await ReadCommitMetadataAsync(latest, cancellationToken);
    }
}
