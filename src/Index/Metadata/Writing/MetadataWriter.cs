using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Keeps the metadata table in step with the table: one delta commit with each instant of the table that changes files, completed before it, so that a reader who sees the instant finds its files
/// (HoodieBackedTableMetadataWriter). A delta commit whose instant is still pending counts for no reader.
/// </summary>
internal static class MetadataWriter
{
    private static readonly string[] Maintained = [MetadataPartitions.Files];

    /// <summary>
    /// What comes before the first instant of a write: partitions that this engine does not maintain go, the table's properties first, as Hudi's writers do with what their options do not
    /// enable; those that are wanted and missing are made.
    /// </summary>
    /// <returns>Whether the table's properties have changed.</returns>
    public static ValueTask<bool> PrepareAsync(TimelineClient data, MetadataOptions? wanted, CancellationToken cancellationToken) => CommitTurns.RunAsync(
        data.Store,
        async () =>
        {
            var folder = new MetadataFolder(data, await TableConfigFile.LoadAsync(data.Store, data.Environment, cancellationToken));
            if (folder.Partitions.Any() && !await folder.ExistsAsync(cancellationToken))
            {
                // Readers list the storage then, as Hudi's do; its writers fail.
                folder = new MetadataFolder(data, await MetadataPartitionDrop.RunAsync(folder, [.. folder.Partitions], cancellationToken));
            }

            var dropped = folder.Partitions.Except(Maintained).ToList();
            if (dropped.Count > 0)
            {
                folder = new MetadataFolder(data, await MetadataPartitionDrop.RunAsync(folder, dropped, cancellationToken));
            }

            var missing = (wanted?.Wanted() ?? []).Except(folder.Config.MetadataPartitions).ToList();
            if (missing.Count > 0)
            {
                await new MetadataBootstrap(folder).RunAsync(missing, await SchemaAsync(folder, cancellationToken), cancellationToken);
            }

            return dropped.Count + missing.Count > 0;
        },
        cancellationToken);

    /// <summary>Completes an instant of the table, the metadata table's delta commit first.</summary>
    /// <returns>The completed instant.</returns>
    public static ValueTask<Instant> CompleteAsync(TimelineClient data, Instant inflight, CommitMetadata metadata, CancellationToken cancellationToken) => CommitTurns.RunAsync(
        data.Store,
        async () =>
        {
            if (await OpenAsync(data, cancellationToken) is { } folder)
            {
                await AddAsync(folder, inflight.RequestedTime, metadata, cancellationToken);
            }

            return await data.CompleteCommitAsync(inflight, metadata, cancellationToken);
        },
        cancellationToken);

    /// <summary>Takes back what an instant has added, if it has come so far. Call it while the instant is pending: from then on its delta commit counts for no reader.</summary>
    /// <param name="data">The table's timeline.</param>
    /// <param name="target">The instant that is rolled back.</param>
    /// <param name="rollback">The rollback's requested time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static ValueTask<bool> RollBackAsync(TimelineClient data, string target, string rollback, CancellationToken cancellationToken) => CommitTurns.RunAsync(
        data.Store,
        async () =>
        {
            if (await OpenAsync(data, cancellationToken) is { } folder)
            {
                await new MetadataRollback(folder).RunAsync(target, rollback, cancellationToken);
            }

            return true;
        },
        cancellationToken);

    private static async ValueTask AddAsync(MetadataFolder folder, string instant, CommitMetadata metadata, CancellationToken cancellationToken)
    {
        var timeline = await folder.Client.LoadAsync(cancellationToken: cancellationToken);
        foreach (var failed in timeline.Instants.Where(i => i.Action == Actions.DeltaCommit && (!i.IsCompleted || i.RequestedTime == instant)))
        {
            // Left by a process that died, or by an earlier run of a service that keeps its instant.
            await new MetadataRollback(folder).RunAsync(failed.RequestedTime, folder.Client.NewInstantTime(timeline), cancellationToken);
        }

        var records = new Dictionary<string, IReadOnlyList<MetadataRecord>> { [MetadataPartitions.Files] = FilesRecords.Of(metadata) };
        await new MetadataCommit(folder, await SchemaAsync(folder, cancellationToken)).RunAsync(instant, records, cancellationToken);
    }

    // The properties are read each time: other engines drop and build partitions between two commits.
    private static async ValueTask<MetadataFolder?> OpenAsync(TimelineClient data, CancellationToken cancellationToken)
    {
        if (await data.Store.GetInfoAsync(MetadataPartitions.Folder + "/" + TableConfig.Path, cancellationToken) is null)
        {
            return null;
        }

        var folder = new MetadataFolder(data, await TableConfigFile.LoadAsync(data.Store, data.Environment, cancellationToken));
        return folder.Partitions.Any() ? folder : null;
    }

    // The release that wrote last decides: a table is not given fields that its other writer does not know.
    private static async ValueTask<string> SchemaAsync(MetadataFolder folder, CancellationToken cancellationToken)
    {
        var timeline = await folder.Client.LoadAsync(cancellationToken: cancellationToken);
        return timeline.Instants.LastOrDefault(i => i is { IsCompleted: true, Action: Actions.DeltaCommit }) is { } latest
            && (await folder.Client.ReadCommitMetadataAsync(latest, cancellationToken)).ExtraMetadata.GetValueOrDefault(CommitMetadata.SchemaKey) is { Length: > 0 } schema
            ? schema
            : MetadataSchema.Of(folder.Config);
    }
}
