using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Keeps the metadata table in step with the table: one delta commit with each instant of the table that changes files, completed before it, so that a reader who sees the instant finds its files
/// (HoodieBackedTableMetadataWriter). A delta commit whose instant is still pending counts for no reader.
/// </summary>
internal static partial class MetadataWriter
{
    /// <summary>In version 6, after the data table's rollback instant (HoodieTableMetadataUtil.OperationSuffix).</summary>
    private const string RollbackSuffix = "006";

    private static readonly string[] Maintained =
        [MetadataPartitions.Files, MetadataPartitions.ColumnStats, MetadataPartitions.PartitionStats, MetadataPartitions.BloomFilters, MetadataPartitions.RecordIndex];

    /// <summary>
    /// What comes before the first instant of a write: partitions that this engine does not maintain are refused by name, since Hudi would go on to believe them; what the options say shall not be
    /// there is dropped, the table's properties first, as Hudi's writers do; what is wanted and missing is made.
    /// </summary>
    /// <param name="data">The table's timeline.</param>
    /// <param name="wanted">What it is to have; null: nothing is made.</param>
    /// <param name="source">How the table's files are read; not needed where nothing is made.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Whether the table's properties have changed.</returns>
    public static async ValueTask<bool> PrepareAsync(TimelineClient data, MetadataOptions? wanted, MetadataSource? source, CancellationToken cancellationToken) =>
        (await PrepareFolderAsync(data, wanted, source, cancellationToken)).HasChanged;

    /// <summary>The same, for a write.</summary>
    /// <returns>The columns that the write should keep statistics of, so that its files need not be looked into again; none without column_stats.</returns>
    public static async ValueTask<IReadOnlyList<string>> PrepareWriteAsync(TimelineClient data, MetadataOptions? wanted, MetadataSource source, CancellationToken cancellationToken)
    {
        var (prepared, hasChanged) = await PrepareFolderAsync(data, wanted, source, cancellationToken);
        return (hasChanged ? await OpenAsync(data, cancellationToken) : prepared) is { } folder && folder.Partitions.Contains(MetadataPartitions.ColumnStats)
            ? [.. FileIndexes.ColumnsOf(folder.Config, source.Schema, await folder.GetDefinitionsAsync(cancellationToken)).Select(c => c.Name)]
            : [];
    }

    private static ValueTask<(MetadataFolder Folder, bool HasChanged)> PrepareFolderAsync(TimelineClient data, MetadataOptions? wanted, MetadataSource? source, CancellationToken cancellationToken) => data.Locks.RunAsync(
        async _ =>
        {
            var config = await TableConfigFile.LoadAsync(data.Store, data.Environment, cancellationToken);
            var folder = new MetadataFolder(data, config);
            var (hasLayout, definitions) = await Requests.BothAsync(
                data.Store, async () => folder.Partitions.Any() ? await folder.HasLayoutAsync(cancellationToken) : true, () => folder.GetDefinitionsAsync(cancellationToken));
            bool isGone = hasLayout is null;
            List<string> again = hasLayout == false ? [.. folder.Config.MetadataPartitions.Where(p => p is MetadataPartitions.ColumnStats or MetadataPartitions.BloomFilters)] : [];
            if (isGone)
            {
                // Readers list the storage then, as Hudi's do; its writers fail.
                folder = new MetadataFolder(data, await MetadataPartitionDrop.RunAsync(folder, [.. folder.Partitions], cancellationToken));
                definitions = await folder.GetDefinitionsAsync(cancellationToken);
            }
            else if (hasLayout == false)
            {
                await data.Locks.RequireHeldAsync(cancellationToken);
                await MetadataDrop.RunAsync(data.Store, folder.Config, data.Environment, cancellationToken);
                folder = new MetadataFolder(data, await TableConfigFile.LoadAsync(data.Store, data.Environment, cancellationToken));
            }

            RequireMaintained(folder, definitions, source);
            var dropped = wanted?.DropsRecordIndex == true ? folder.Partitions.Where(p => p == MetadataPartitions.RecordIndex).ToList() : [];
            if (dropped.Count > 0)
            {
                folder = new MetadataFolder(data, await MetadataPartitionDrop.RunAsync(folder, dropped, cancellationToken));
            }

            var building = folder.Config.MetadataPartitionsInflight.Length > 0 && (await data.LoadAsync(cancellationToken: cancellationToken)).Pending.Any(i => i.Action == Actions.Indexing)
                ? folder.Config.MetadataPartitionsInflight
                : [];
            var missing = (wanted?.Wanted(folder.Config).Union(again) ?? []).Except(folder.Config.MetadataPartitions).Except(building).ToList();
            if (missing.Count > 0 && !folder.Client.Layout.OrdersByCompletion && (await data.LoadAsync(cancellationToken: cancellationToken)).Pending.Any())
            {
                // In version 6 what is pending now could not be told from what the partition begins with (HoodieBackedTableMetadataWriterTableVersionSix.shouldInitializeFromFilesystem).
                missing.Clear();
            }

            if (missing.Count > 0)
            {
                await new MetadataBootstrap(folder, source!, wanted!).RunAsync(missing, await SchemaAsync(folder, cancellationToken), cancellationToken);
            }

            return (folder, isGone || hasLayout == false || dropped.Count + missing.Count > 0);
        },
        cancellationToken);

    /// <summary>
    /// Completes an instant of the table, the metadata table's delta commit first: the second of a commit's two sections under the table's lock. The one place where all actions end that write files.
    /// </summary>
    /// <param name="data">The table's timeline.</param>
    /// <param name="inflight">The instant.</param>
    /// <param name="metadata">What it did.</param>
    /// <param name="source">How the metadata table's writer looks into what is written.</param>
    /// <param name="cancellationToken">Gives it up as long as it is not completed.</param>
    /// <param name="lastLook">Given the timeline as it is under the lock, refuses what the action must not be completed with; null: only that the instant is still pending is asked.</param>
    /// <returns>The completed instant.</returns>
    public static ValueTask<Instant> CompleteAsync(
        TimelineClient data,
        Instant inflight,
        CommitMetadata metadata,
        MetadataSource source,
        CancellationToken cancellationToken,
        Func<ActiveTimeline, CancellationToken, ValueTask>? lastLook = null) => data.Locks.RunAsync(
        async section =>
        {
            var (now, read) = await Requests.BothAsync(data.Store, () => data.LoadAsync(cancellationToken: cancellationToken), () => MetadataFolder.ReadAsync(data, cancellationToken));
            data.RequirePending(now, inflight);
            if (lastLook is not null)
            {
                await lastLook(now, cancellationToken);
            }

            metadata = await SchemaHistory.CarryOnAsync(data, now, inflight, metadata, source.Schema, cancellationToken);

            if (await RequireLayoutAsync(read, cancellationToken) is { } folder)
            {
                await AddAsync(folder, now, inflight.RequestedTime, () => RecordsAsync(folder, now, inflight.RequestedTime, metadata, source, cancellationToken), cancellationToken);
            }

            var completed = await data.CompleteCommitAsync(inflight, metadata, cancellationToken);
            if (await section.MayHaveEndedAsync())
            {
                await LookAgainAsync(data, inflight, completed, lastLook);
            }

            return completed;
        },
        cancellationToken);

    /// <summary>
    /// Where this process slept between its last look at the lock and the completion, until the lock was over: another may have committed without seeing this one, or rolled it back. Then the
    /// completion is taken back before anyone is told of it.
    /// </summary>
    private static async ValueTask LookAgainAsync(TimelineClient data, Instant inflight, Instant completed, Func<ActiveTimeline, CancellationToken, ValueTask>? lastLook)
    {
        try
        {
            if (await data.Store.GetInfoAsync(data.PathOf(inflight)) is null)
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Conflict, $"another process rolled this {inflight.Action} back while this one slept past the end of its lock", data.Store.Root, data.PathOf(inflight), inflight.RequestedTime, "Load the table again and repeat the operation");
            }

            if (lastLook is not null)
            {
                await lastLook(await data.LoadAsync(), CancellationToken.None);
            }
        }
        catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.Conflict)
        {
            await data.RevertToInflightAsync(completed, inflight.Action);
            throw;
        }
    }

    /// <summary>Takes back what an instant has added, if it has come so far. Call it while the instant is pending: from then on its delta commit counts for no reader.</summary>
    /// <param name="data">The table's timeline.</param>
    /// <param name="target">The instant that is rolled back.</param>
    /// <param name="rollback">The rollback's requested time.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public static ValueTask<bool> RollBackAsync(TimelineClient data, string target, string rollback, CancellationToken cancellationToken) => data.Locks.RunAsync(
        async _ =>
        {
            if (await OpenAsync(data, cancellationToken) is { } folder)
            {
                await new MetadataRollback(folder).RunAsync(target, folder.Client.Layout.OrdersByCompletion ? rollback : rollback + RollbackSuffix, cancellationToken);
            }

            return true;
        },
        cancellationToken);

    /// <summary>Drops partitions of the metadata table that an indexing action has begun to build and will not finish; those that are ready stay.</summary>
    public static ValueTask<bool> DropUnfinishedAsync(TimelineClient data, IReadOnlyCollection<string> partitions, CancellationToken cancellationToken) => data.Locks.RunAsync(
        async _ =>
        {
            if (await OpenAsync(data, cancellationToken) is { } folder && folder.Config.MetadataPartitionsInflight.Intersect(partitions).Except(folder.Config.MetadataPartitions).ToList() is { Count: > 0 } unfinished)
            {
                await MetadataPartitionDrop.RunAsync(folder, unfinished, cancellationToken);
            }

            return true;
        },
        cancellationToken);

    /// <summary>Drops the metadata table where instants could not be taken back from it one by one; a later write makes it anew.</summary>
    /// <param name="data">The table's timeline.</param>
    /// <param name="instants">Requested times of what is to be taken back.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Whether it was dropped.</returns>
    public static ValueTask<bool> DropUnlessUndoableAsync(TimelineClient data, IReadOnlyCollection<string> instants, CancellationToken cancellationToken) => data.Locks.RunAsync(
        async _ => await OpenAsync(data, cancellationToken) is { } folder
            && !await new MetadataUndo(folder).IsPossibleAsync(await data.LoadAsync(cancellationToken: cancellationToken), instants, cancellationToken)
            && await MetadataDrop.RunAsync(data.Store, folder.Config, data.Environment, cancellationToken),
        cancellationToken);

    /// <summary>Drops the metadata table; a later write makes it anew.</summary>
    /// <returns>Whether there was one.</returns>
    public static ValueTask<bool> DropAsync(TimelineClient data, CancellationToken cancellationToken) => data.Locks.RunAsync(
        async _ => await OpenAsync(data, cancellationToken) is { } folder && await MetadataDrop.RunAsync(data.Store, folder.Config, data.Environment, cancellationToken), cancellationToken);

    /// <summary>
    /// For tables of version 6: lists the logs that a rollback has left in place and those with its command blocks, in a delta commit of the rollback's instant, which comes before the
    /// rollback's completion.
    /// </summary>
    public static ValueTask<bool> AddRollbackAsync(TimelineClient data, RollbackMetadata rollback, CancellationToken cancellationToken) => data.Locks.RunAsync(
        async _ =>
        {
            if (await OpenAsync(data, cancellationToken) is { } folder)
            {
                await AddAsync(
                    folder,
                    null,
                    rollback.StartRollbackTime,
                    () => ValueTask.FromResult(new Dictionary<string, IReadOnlyList<MetadataRecord>> { [MetadataPartitions.Files] = FilesRecords.Of(rollback) }),
                    cancellationToken);
            }

            return true;
        },
        cancellationToken);

    private static async ValueTask AddAsync(
        MetadataFolder folder, ActiveTimeline? data, string instant, Func<ValueTask<Dictionary<string, IReadOnlyList<MetadataRecord>>>> records, CancellationToken cancellationToken)
    {
        // Nobody else changes it under the table's lock.
        bool isChanged = false;
        foreach (var failed in (await folder.GetSeenAsync(cancellationToken)).Timeline.Instants.Where(i => i.Action == Actions.DeltaCommit && (!i.IsCompleted || i.RequestedTime == instant)))
        {
            if (failed.RequestedTime != instant && folder.Data.Locks.HasOtherWriters && await folder.Data.Locks.Heartbeats.IsAliveAsync(failed, folder.Data.Layout, cancellationToken))
            {
                // Java's Spark writers begin theirs while they write data, before they take the lock (hoodie.metadata.streaming.write.enabled).
                continue;
            }

            // Left by a process that died, or by an earlier run of a service that keeps its instant.
            await new MetadataRollback(folder).RunAsync(failed.RequestedTime, await folder.NewInstantAsync(cancellationToken), cancellationToken);
            isChanged = true;
        }

        if (isChanged)
        {
            folder.Forget();
        }

        var timeline = (await folder.GetSeenAsync(cancellationToken)).Timeline;
        var schema = await SchemaAsync(folder, timeline, cancellationToken);
        if (await MetadataServices.RunAsync(folder, timeline, data, instant, schema, cancellationToken))
        {
            folder.Forget();
        }

        await new MetadataCommit(folder, schema).RunAsync(instant, await records(), new MetadataOptions(folder.Config.Properties).RecordIndexGroups(isPartitioned: true).Min, cancellationToken);
    }

    private static async ValueTask<Dictionary<string, IReadOnlyList<MetadataRecord>>> RecordsAsync(
        MetadataFolder folder, ActiveTimeline data, string instant, CommitMetadata metadata, MetadataSource source, CancellationToken cancellationToken)
    {
        var definitions = await folder.GetDefinitionsAsync(cancellationToken);
        RequireMaintained(folder, definitions, source);
        var records = await IndexAsync(folder, data, metadata, source, definitions, cancellationToken);
        records[MetadataPartitions.Files] = FilesRecords.Of(metadata);
        if (folder.Partitions.Contains(MetadataPartitions.RecordIndex))
        {
            records[MetadataPartitions.RecordIndex] = await new RecordIndexRecords(folder, source, await IsPartitionedAsync(folder, definitions, cancellationToken)).OfCommitAsync(instant, metadata, cancellationToken);
        }

        foreach (var index in definitions.All.Where(d => d.Type == MetadataPartitions.SecondaryIndexType && folder.Partitions.Contains(d.Name)))
        {
            records[index.Name] = await new SecondaryIndexRecords(folder, source, index).OfCommitAsync(instant, metadata, cancellationToken);
        }

        return records;
    }

    private static async ValueTask<Dictionary<string, IReadOnlyList<MetadataRecord>>> IndexAsync(
        MetadataFolder folder, ActiveTimeline data, CommitMetadata metadata, MetadataSource source, IndexDefinitions definitions, CancellationToken cancellationToken)
    {
        var wanted = folder.Partitions.Where(p => p is MetadataPartitions.ColumnStats or MetadataPartitions.PartitionStats or MetadataPartitions.BloomFilters).ToHashSet();
        if (wanted.Count == 0)
        {
            return [];
        }

        var columns = FileIndexes.ColumnsOf(folder.Config, source.Schema, definitions);
        var known = source.Written is { } written && written.Columns.SequenceEqual(columns.Select(c => c.Name)) ? written.Files.ToDictionary(f => f.Stat.Path!, f => f.Statistics) : [];
        var files = metadata.PartitionToWriteStats.SelectMany(p => p.Value.Where(s => s.Path is not null)
            .Select(s => new DataFile(p.Key, s.Path![(s.Path!.LastIndexOf('/') + 1)..], s.FileSizeInBytes, known.GetValueOrDefault(s.Path!)))).ToList();
        var before = wanted.Contains(MetadataPartitions.PartitionStats) ? await BeforeAsync(folder, data, columns, cancellationToken) : null;
        return await new FileIndexes(folder.Data.Store, folder.Config, source, columns, definitions.VersionOf(MetadataPartitions.ColumnStats, folder.Config)).ReadAsync(files, wanted, before, cancellationToken);
    }

    private static async ValueTask<StoredStatistics> BeforeAsync(MetadataFolder folder, ActiveTimeline data, IReadOnlyList<ColumnStatsColumn> columns, CancellationToken cancellationToken)
    {
        var reader = await MetadataTable.OpenAsync(folder.Data.Store, folder.Config, data, await folder.GetSeenAsync(cancellationToken), folder.Memory, cancellationToken);
        return new StoredStatistics(reader, new FileSystemView(folder.Data, data, new MetadataFileListing(() => Task.FromResult(reader))), columns);
    }

    private static void RequireMaintained(MetadataFolder folder, IndexDefinitions definitions, MetadataSource? source)
    {
        foreach (var partition in folder.Partitions.Where(p => !Maintained.Contains(p)))
        {
            var definition = definitions.Find(partition);
            if (definition is not { Type: MetadataPartitions.SecondaryIndexType } || !IsMaintained(folder, definition, source))
            {
                throw Unmaintained(folder, partition, definition);
            }
        }
    }

    // A secondary index leads to record keys, which the record index finds.
    private static bool IsMaintained(MetadataFolder folder, IndexDefinition secondary, MetadataSource? source) =>
        folder.Partitions.Contains(MetadataPartitions.RecordIndex) && (source is null || SecondaryIndexColumn.IsSupported(source.Schema, secondary));

    private static LakehouseException Unmaintained(MetadataFolder folder, string partition, IndexDefinition? definition) => new(
        LakehouseErrorKind.Unsupported,
        (definition is { Function.Length: > 0 } known ? $"The index {partition} (the {known.Type} of {known.Function}({string.Join(", ", known.SourceFields)}))" : $"The index {partition}")
            + " is one that this engine cannot keep right, and Apache Hudi would leave files out by it",
        folder.Data.Store.Root,
        MetadataPartitions.Folder + "/" + partition,
        remedy: $"Drop the index (lakehouse index drop TABLE {partition}), or write with Apache Hudi");

    // Before Hudi 1.1 there was no definition, and none that is partitioned.
    private static async ValueTask<bool> IsPartitionedAsync(MetadataFolder folder, IndexDefinitions definitions, CancellationToken cancellationToken) =>
        definitions.Find(MetadataPartitions.RecordIndex)?.IsPartitioned
        ?? (await folder.ListGroupsAsync(MetadataPartitions.RecordIndex, mayBeEmpty: false, cancellationToken)).Any(g => MetadataFileIds.DataPartitionOf(g.FileId) is not null);

    // The properties are read each time: other engines drop and build partitions between two commits.
    private static async ValueTask<MetadataFolder?> OpenAsync(TimelineClient data, CancellationToken cancellationToken) =>
        await RequireLayoutAsync(new MetadataFolder(data, await TableConfigFile.LoadAsync(data.Store, data.Environment, cancellationToken)), cancellationToken);

    private static async ValueTask<MetadataFolder?> RequireLayoutAsync(MetadataFolder folder, CancellationToken cancellationToken)
    {
        switch (folder.Partitions.Any() ? await folder.HasLayoutAsync(cancellationToken) : null)
        {
            case true:
                return folder;
            case false:
                // What is written in the other layout would be seen by none: a later write makes it anew.
                await folder.Data.Locks.RequireHeldAsync(cancellationToken);
                await MetadataDrop.RunAsync(folder.Data.Store, folder.Config, folder.Data.Environment, cancellationToken);
                return null;
            default:
                return null;
        }
    }

    // The release that wrote last decides: a table is not given fields that its other writer does not know.
    public static async ValueTask<string> SchemaAsync(MetadataFolder folder, CancellationToken cancellationToken) =>
        await SchemaAsync(folder, await folder.Client.LoadAsync(cancellationToken: cancellationToken), cancellationToken);

    private static async ValueTask<string> SchemaAsync(MetadataFolder folder, ActiveTimeline timeline, CancellationToken cancellationToken) =>
        timeline.Instants.LastOrDefault(i => i is { IsCompleted: true, Action: Actions.DeltaCommit }) is { } latest
            && (await folder.Client.ReadCommitMetadataAsync(latest, cancellationToken)).ExtraMetadata.GetValueOrDefault(CommitMetadata.SchemaKey) is { Length: > 0 } schema
            ? schema
            : MetadataSchema.Of(folder.Config);
}
