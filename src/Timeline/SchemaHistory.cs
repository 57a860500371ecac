using System.Globalization;
using System.Text;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Schemas.Evolution;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// The history of a table's columns under schema-on-read evolution: files in <c>.hoodie/.schema</c>, one for each commit, each with all versions up to then
/// (FileBasedInternalSchemaStorageManager). A file counts as long as its commit is a completed one on the active timeline.
/// </summary>
internal static class SchemaHistory
{
    public const string Folder = ".hoodie/.schema";

    /// <summary>The entry of <see cref="CommitMetadata.ExtraMetadata"/> that holds the columns by number.</summary>
    public const string LatestSchemaKey = "latest_schema";

    /// <summary>The schema evolution that a commit's metadata speaks of; null where it speaks of none.</summary>
    /// <param name="client">The table's timeline.</param>
    /// <param name="timeline">As loaded.</param>
    /// <param name="commit">The commit whose columns are wanted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<SchemaEvolution?> ReadAsync(TimelineClient client, ActiveTimeline timeline, CommitMetadata commit, CancellationToken cancellationToken)
    {
        if (Latest(commit) is not { } current)
        {
            return null;
        }

        var commits = new Dictionary<string, InternalSchema?>(StringComparer.Ordinal);
        var known = new Dictionary<string, InternalSchema>(StringComparer.Ordinal);
        foreach (var write in timeline.CompletedWrites)
        {
            var text = (await client.ReadCommitMetadataAsync(write, cancellationToken)).ExtraMetadata.GetValueOrDefault(LatestSchemaKey);
            commits[write.RequestedTime] = string.IsNullOrEmpty(text) ? null : known.TryGetValue(text, out var same) ? same : known[text] = InternalSchemaJson.Parse(text);
        }

        var history = await ReadTextAsync(client, timeline, cancellationToken);
        return new SchemaEvolution(current, commits, history is null ? null : InternalSchemaJson.ParseHistory(history)) { History = history };
    }

    /// <summary>The columns that a commit names; null: none.</summary>
    public static InternalSchema? Latest(CommitMetadata commit) =>
        commit.ExtraMetadata.TryGetValue(LatestSchemaKey, out var json) && json.Length > 0 ? InternalSchemaJson.Parse(json) : null;

    /// <summary>
    /// What a commit under way says of the table's columns, with its history file: of columns that have numbers its Avro schema with the meta columns, and the numbers
    /// (BaseHoodieWriteClient.saveInternalSchema). To be called under the table's lock.
    /// </summary>
    /// <exception cref="LakehouseException">Conflict: the columns were changed after the write had begun.</exception>
    public static async ValueTask<CommitMetadata> CarryOnAsync(
        TimelineClient client, ActiveTimeline now, Instant inflight, CommitMetadata commit, TableSchema schema, CancellationToken cancellationToken)
    {
        var latest = await client.ReadLatestSchemaCommitAsync(now, inflight.RequestedTime, cancellationToken);
        var (evolution, seen) = (schema.Evolution, schema.Evolution is { IsNew: true } changed ? changed.Before : schema.Evolution?.Current);
        if ((latest is null ? null : Latest(latest))?.VersionId is { } version && version != seen?.VersionId)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict, "The table's columns were changed while this write was under way", client.Store.Root, instant: inflight.RequestedTime, remedy: "Repeat the write");
        }

        if (latest is not null && WriteOperations.CanUpdateSchema(commit.OperationType) && !IsOf(latest, schema.Basis ?? schema))
        {
            if (schema.Basis is not null)
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Conflict, "The table's columns were changed while this write, which changes them too, was under way", client.Store.Root, instant: inflight.RequestedTime, remedy: "Repeat the write");
            }

            // Its rows lack what was added since, and are read as such; the table keeps its columns (SimpleSchemaConflictResolutionStrategy).
            return commit with { ExtraMetadata = new Dictionary<string, string>(commit.ExtraMetadata) { [CommitMetadata.SchemaKey] = latest.ExtraMetadata[CommitMetadata.SchemaKey] } };
        }

        if (evolution is null)
        {
            return commit;
        }

        var current = evolution.IsNew ? evolution.Current with { VersionId = long.Parse(inflight.RequestedTime, CultureInfo.InvariantCulture) } : evolution.Current;
        if (evolution.History is { } history)
        {
            await WriteAsync(client, inflight.RequestedTime, evolution.IsNew ? InternalSchemaJson.Inherit(current, history) : history, cancellationToken);
        }

        return commit with
        {
            ExtraMetadata = new Dictionary<string, string>(commit.ExtraMetadata)
            {
                [CommitMetadata.SchemaKey] = schema.ToAvroJson(withMetaColumns: true),
                [LatestSchemaKey] = InternalSchemaJson.Write(current),
            },
        };
    }

    private static bool IsOf(CommitMetadata commit, TableSchema schema)
    {
        var json = commit.ExtraMetadata[CommitMetadata.SchemaKey];
        return json == schema.ToAvroJson(withMetaColumns: false) || json == schema.ToAvroJson(withMetaColumns: true) || TableSchema.FromAvro(json).ToAvroJson(withMetaColumns: false) == schema.ToAvroJson(withMetaColumns: false);
    }

    /// <summary>The newest history file that counts; null: none does.</summary>
    public static async ValueTask<string?> ReadTextAsync(TimelineClient client, ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var writes = timeline.CompletedWrites.Select(i => i.RequestedTime).ToHashSet(StringComparer.Ordinal);
        Instant? latest = null;
        foreach (var name in await client.Store.ListNamesAsync(Folder, cancellationToken))
        {
            if (client.Layout.TryParse(name, out var instant) && instant is { Action: Actions.SchemaCommit, IsCompleted: true } && writes.Contains(instant.RequestedTime)
                && (latest is null || string.CompareOrdinal(instant.RequestedTime, latest.RequestedTime) > 0))
            {
                latest = instant;
            }
        }

        return latest is null ? null : Encoding.UTF8.GetString((await client.Store.ReadAsync($"{Folder}/{client.Layout.FileName(latest)}", cancellationToken)).Span);
    }

    /// <summary>
    /// Writes the history file of a commit that is about to complete: requested, inflight, completed, as an instant of its own folder. It counts from the commit's completion on. Files of
    /// commits that are no longer on the timeline are left to Hudi's writers: a commit that another process is completing has its file already.
    /// </summary>
    public static async ValueTask WriteAsync(TimelineClient client, string instant, string history, CancellationToken cancellationToken)
    {
        var completed = client.NewCompleted(instant, Actions.SchemaCommit, instant);
        foreach (var state in (Instant[])[completed with { State = InstantState.Requested, CompletionTime = null }, completed with { State = InstantState.Inflight, CompletionTime = null }])
        {
            await PutAsync(client, state, default, Durability.Deferred, cancellationToken);
        }

        await PutAsync(client, completed, Encoding.UTF8.GetBytes(history), Durability.Synced, cancellationToken);
    }

    private static async ValueTask PutAsync(TimelineClient client, Instant instant, ReadOnlyMemory<byte> content, Durability durability, CancellationToken cancellationToken)
    {
        // The instant's time is this writer's alone, so that what is there under it is of an earlier try.
        var path = $"{Folder}/{client.Layout.FileName(instant)}";
        var result = await client.Store.PutAsync(path, content, PutCondition.None, durability, cancellationToken);
        if (result.Outcome != PutOutcome.Committed)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Storage, "The history of the table's columns could not be written", client.Store.Root, path, instant.RequestedTime, "Repeat the operation", result.Cause);
        }
    }
}
