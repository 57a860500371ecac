using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Builds partitions of the metadata table as an action of their own, beside writers (ScheduleIndexActionExecutor, RunIndexActionExecutor). First, under the table's lock, the file groups are made and the
/// properties name the partition as inflight: from then on each commit adds its records. Then what was committed before is read, without the lock. Last, under the lock again, the base files of that are
/// counted, with the indexing's own instant, which is before all that was added meanwhile. A run that dies leaves a partition that nobody reads; the next run begins anew.
/// </summary>
/// <param name="data">The table's timeline.</param>
/// <param name="source">How its files are read.</param>
/// <param name="options">The kind of record index, and how many file groups.</param>
internal sealed class MetadataIndexing(TimelineClient data, MetadataSource source, MetadataOptions options)
{
    /// <summary>Plans the building of partitions.</summary>
    /// <param name="partitions">Which.</param>
    /// <param name="secondary">The definitions of secondary indexes among them.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>Null where the table has no commit yet: there is nothing to read then, and the partitions are made at once.</returns>
    public ValueTask<Instant?> ScheduleAsync(IReadOnlyList<string> partitions, IReadOnlyList<IndexDefinition> secondary, CancellationToken cancellationToken) => data.Locks.RunAsync(
        async _ =>
        {
            var folder = await OpenAsync(cancellationToken);
            var timeline = await data.LoadAsync(cancellationToken: cancellationToken);
            await RequireMissingAsync(folder, timeline, partitions, cancellationToken);
            var bootstrap = new MetadataBootstrap(folder, source, options) { Secondary = secondary };
            var firstPending = timeline.Pending.Where(i => i.Action is Actions.Commit or Actions.DeltaCommit or Actions.ReplaceCommit or Actions.Clustering).Select(i => i.RequestedTime).FirstOrDefault();
            if (timeline.CompletedWrites.LastOrDefault(i => firstPending is null || string.CompareOrdinal(i.RequestedTime, firstPending) < 0) is not { } upTo)
            {
                await bootstrap.RunAsync(partitions, await MetadataWriter.SchemaAsync(folder, cancellationToken), cancellationToken);
                return null;
            }

            await bootstrap.DefineAsync(partitions, cancellationToken);
            return await data.RequestAsync(timeline, Actions.Indexing, new IndexPlan([.. partitions.Select(p => new IndexPartition(p, upTo.RequestedTime))]).Write(), cancellationToken);
        },
        cancellationToken);

    /// <summary>Builds what is planned.</summary>
    /// <param name="planned">The indexing, requested, or left inflight by a run that died.</param>
    /// <param name="cancellationToken">Gives it up; it can be executed again.</param>
    public async ValueTask<Instant> ExecuteAsync(Instant planned, CancellationToken cancellationToken)
    {
        var plan = IndexPlan.Read((await data.ReadAsync(planned with { State = InstantState.Requested }, cancellationToken)).Span);
        string[] partitions = [.. plan.Partitions.Select(p => p.Name)];
        var inflight = planned with { State = InstantState.Inflight };
        var began = await data.Locks.RunAsync(async _ => await BeginAsync(planned, partitions, cancellationToken), cancellationToken);
        var written = new Dictionary<string, IReadOnlyList<WriteStat>>();
        if (began is not null)
        {
            var (folder, bootstrap) = await BootstrapAsync(partitions, cancellationToken);
            var schema = await MetadataWriter.SchemaAsync(folder, cancellationToken);
            foreach (var (partition, records) in await bootstrap.RecordsAsync(partitions, began, cancellationToken))
            {
                if (partitions.Contains(partition) && records.Count > 0)
                {
                    written[partition] = await new MetadataCommit(folder, schema).WriteAheadAsync(inflight.RequestedTime, partition, records, options.RecordIndexGroups(isPartitioned: true).Min, cancellationToken);
                }
            }
        }

        return await data.Locks.RunAsync(
            async _ =>
            {
                if (began is not null)
                {
                    await FinishAsync(inflight, partitions, began, written, cancellationToken);
                }

                return await data.CompleteAsync(inflight, plan.WriteCommit(), cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Drops partitions, and what is planned for them alone.</summary>
    public static ValueTask<bool> DropAsync(TimelineClient data, IReadOnlyCollection<string> partitions, CancellationToken cancellationToken) => data.Locks.RunAsync(
        async _ =>
        {
            var folder = new MetadataFolder(data, await TableConfigFile.LoadAsync(data.Store, data.Environment, cancellationToken));
            var there = partitions.Where(folder.Partitions.Contains).ToList();
            if (there.Count > 0 || (await IndexDefinitions.ReadAsync(data.Store, cancellationToken)).All.Any(d => partitions.Contains(d.Name)))
            {
                await MetadataPartitionDrop.RunAsync(folder, partitions, cancellationToken);
            }

            foreach (var pending in await PendingAsync(data, await data.LoadAsync(cancellationToken: cancellationToken), cancellationToken))
            {
                if (pending.Plan.Partitions.All(p => partitions.Contains(p.Name)))
                {
                    there.AddRange(pending.Plan.Partitions.Select(p => p.Name));
                    foreach (var state in new[] { InstantState.Inflight, InstantState.Requested })
                    {
                        await data.DeletePendingAsync(pending.Instant with { State = state }, cancellationToken);
                    }
                }
            }

            return there.Count > 0;
        },
        cancellationToken);

    /// <summary>What is planned or under way.</summary>
    public static async ValueTask<IReadOnlyList<(Instant Instant, IndexPlan Plan)>> PendingAsync(TimelineClient data, ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var pending = new List<(Instant Instant, IndexPlan Plan)>();
        foreach (var instant in timeline.Pending.Where(i => i.Action == Actions.Indexing))
        {
            pending.Add((instant, IndexPlan.Read((await data.ReadAsync(instant with { State = InstantState.Requested }, cancellationToken)).Span)));
        }

        return pending;
    }

    private async ValueTask<MetadataFolder> OpenAsync(CancellationToken cancellationToken) => new(data, await TableConfigFile.LoadAsync(data.Store, data.Environment, cancellationToken));

    private async ValueTask<(MetadataFolder Folder, MetadataBootstrap Bootstrap)> BootstrapAsync(string[] partitions, CancellationToken cancellationToken)
    {
        var folder = await OpenAsync(cancellationToken);
        var definitions = await IndexDefinitions.ReadAsync(data.Store, cancellationToken);
        return (folder, new MetadataBootstrap(folder, source, options) { Secondary = [.. definitions.All.Where(d => d.Type == MetadataPartitions.SecondaryIndexType && partitions.Contains(d.Name))] });
    }

    /// <returns>The timeline of what is to be read; null: all is there, but for the end of the action.</returns>
    private async ValueTask<ActiveTimeline?> BeginAsync(Instant planned, string[] partitions, CancellationToken cancellationToken)
    {
        if (planned.State == InstantState.Requested)
        {
            await data.StartAsync(planned, cancellationToken: cancellationToken);
        }

        var (folder, bootstrap) = await BootstrapAsync(partitions, cancellationToken);
        if (partitions.All(folder.Config.MetadataPartitions.Contains))
        {
            return null;
        }

        // What an earlier run left.
        var own = await folder.Client.LoadAsync(cancellationToken: cancellationToken);
        if (own.FindCompletedWrite(planned.RequestedTime) is { } left)
        {
            await folder.Store.DeleteAsync(folder.Client.PathOf(left), cancellationToken);
        }

        foreach (var state in new[] { InstantState.Inflight, InstantState.Requested })
        {
            await folder.Client.DeletePendingAsync(new Instant(planned.RequestedTime, Actions.DeltaCommit, state), cancellationToken);
        }

        var timeline = await data.LoadAsync(cancellationToken: cancellationToken);
        var schema = await MetadataWriter.SchemaAsync(folder, cancellationToken);
        var rows = await CountRowsAsync(timeline, cancellationToken);
        foreach (var partition in partitions)
        {
            await folder.Store.DeleteFolderAsync(partition, cancellationToken);
            await new MetadataCommit(folder, schema).CreateAsync(await bootstrap.NextInstantAsync(cancellationToken), partition, bootstrap.GroupsOf(partition, rows), [], cancellationToken);
        }

        await bootstrap.DefineAsync(partitions, cancellationToken);
        await TableConfigFile.UpdateAsync(
            data.Store,
            new Dictionary<string, string?> { [ConfigKeys.MetadataPartitionsInflight] = string.Join(',', folder.Config.MetadataPartitionsInflight.Union(partitions).Order(StringComparer.Ordinal)) },
            data.Environment,
            cancellationToken);
        return timeline;
    }

    private async ValueTask FinishAsync(Instant inflight, string[] partitions, ActiveTimeline began, Dictionary<string, IReadOnlyList<WriteStat>> written, CancellationToken cancellationToken)
    {
        var now = await data.LoadAsync(cancellationToken: cancellationToken);
        data.RequirePending(now, inflight);
        var (folder, bootstrap) = await BootstrapAsync(partitions, cancellationToken);
        if (!partitions.All(folder.Config.MetadataPartitionsInflight.Contains))
        {
            throw new LakehouseException(LakehouseErrorKind.Conflict, "another process has dropped what is being indexed", data.Store.Root, instant: inflight.RequestedTime, remedy: "Create the index again");
        }

        var schema = await MetadataWriter.SchemaAsync(folder, cancellationToken);
        if (await IsFollowedAsync(folder, inflight, partitions, began, now, cancellationToken))
        {
            await new MetadataCommit(folder, schema).CompleteAsync(inflight.RequestedTime, written, cancellationToken);
            await bootstrap.PublishAsync(partitions, cancellationToken);
        }
        else
        {
            // Somebody did not add what he committed meanwhile: all is read again, while others wait.
            await bootstrap.RunAsync(partitions, schema, cancellationToken);
        }
    }

    /// <summary>
    /// Whether all that changed since the reading began is in the partitions: a write that was under way then may have been begun by a writer who did not know of them, what is gone was read, and a
    /// compaction of the metadata table would stand before the base files.
    /// </summary>
    private async ValueTask<bool> IsFollowedAsync(MetadataFolder folder, Instant inflight, string[] partitions, ActiveTimeline began, ActiveTimeline now, CancellationToken cancellationToken)
    {
        if (began.CompletedWrites.Any(i => now.FindCompletedWrite(i.RequestedTime) is null))
        {
            return false;
        }

        var own = await folder.Client.LoadAsync(cancellationToken: cancellationToken);
        foreach (var late in now.CompletedWrites.Where(i => began.FindCompletedWrite(i.RequestedTime) is null && began.Find(i.RequestedTime).Any()))
        {
            var added = own.FindCompletedWrite(late.RequestedTime) is { } commit ? (await folder.Client.ReadCommitMetadataAsync(commit, cancellationToken)).PartitionToWriteStats : null;
            if (added is null || !partitions.All(added.ContainsKey))
            {
                return false;
            }
        }

        foreach (var partition in partitions)
        {
            foreach (var name in await folder.Store.ListNamesAsync(partition, cancellationToken))
            {
                if (FileNames.TryParseBaseFile(partition, name, 0, out var file) && file.Instant != inflight.RequestedTime)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private async ValueTask RequireMissingAsync(MetadataFolder folder, ActiveTimeline timeline, IReadOnlyList<string> partitions, CancellationToken cancellationToken)
    {
        if (partitions.FirstOrDefault(folder.Config.MetadataPartitions.Contains) is { } there)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The table has the index {there} already", data.Store.Root, remedy: "Drop it first (lakehouse index drop) to build it anew");
        }

        foreach (var (instant, plan) in await PendingAsync(data, timeline, cancellationToken))
        {
            if (plan.Partitions.FirstOrDefault(p => partitions.Contains(p.Name)) is { } planned)
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Conflict, $"The index {planned.Name} is planned already", data.Store.Root, instant: instant.RequestedTime, remedy: "Execute what is planned (lakehouse index run), or drop it (lakehouse index drop)");
            }
        }
    }

    // By the footers of base files: as many rows as there will be records, about.
    private async ValueTask<IReadOnlyDictionary<string, long>> CountRowsAsync(ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var slice in await new FileSystemView(data, timeline).GetAllSlicesAsync(cancellationToken: cancellationToken))
        {
            long count = slice.Base is { } file ? (await ParquetFooter.ReadAsync(data.Store, file.Path, file.Length, cancellationToken: cancellationToken)).NumRows : 0;
            rows[slice.PartitionPath] = rows.GetValueOrDefault(slice.PartitionPath) + count;
        }

        return rows;
    }
}
