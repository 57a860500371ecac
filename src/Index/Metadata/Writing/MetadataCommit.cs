using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>One delta commit of the metadata table: requested, inflight, its logs, completed (HoodieBackedTableMetadataWriter.commitInternal).</summary>
/// <param name="folder">The metadata table.</param>
/// <param name="schema">The records' schema, without meta fields.</param>
internal sealed class MetadataCommit(MetadataFolder folder, string schema)
{
    private const string Upsert = "UPSERT_PREPPED";
    private const string Bulk = "BULK_INSERT_PREPPED";

    /// <summary>Adds records to partitions that are there. It becomes durable with the completion of the data table's instant, which comes after it.</summary>
    /// <param name="instant">Of the data table.</param>
    /// <param name="records">By partition.</param>
    /// <param name="newGroups">How many file groups a data partition gets in a partitioned record index that has none for it.</param>
    /// <param name="cancellationToken">Gives it up as long as it is not completed.</param>
    public async ValueTask RunAsync(string instant, IReadOnlyDictionary<string, IReadOnlyList<MetadataRecord>> records, int newGroups, CancellationToken cancellationToken)
    {
        var before = await folder.GetSeenAsync(cancellationToken);
        var inflight = await BeginAsync(instant, Upsert, cancellationToken);
        var files = new MetadataFiles(folder, instant, schema);
        var grown = new HashSet<string>(StringComparer.Ordinal);
        var parts = new List<(string Partition, MetadataGroup Group, IReadOnlyList<MetadataRecord> Records)>();
        bool hasSecondary = records.Keys.Any(p => p.StartsWith(MetadataPartitions.SecondaryIndexPrefix, StringComparison.Ordinal));
        var definitions = hasSecondary ? await IndexDefinitions.ReadAsync(folder.Data.Store, cancellationToken) : null;
        foreach (var (partition, rows) in records.Where(r => r.Value.Count > 0))
        {
            var groups = new MetadataShardMap(partition, definitions?.VersionOf(partition, folder.Config) ?? IndexDefinitions.NewVersion(folder.Config), await folder.ListGroupsAsync(partition, rows.Any(r => r.DataPartition is not null), cancellationToken));
            foreach (var added in groups.Missing(rows))
            {
                grown.Add(partition);
                groups.Add(added, await files.CreateGroupsAsync(partition, newGroups, added, cancellationToken));
            }

            parts.AddRange(groups.Split(rows).Select(g => (partition, g.Group, g.Records)));
        }

        var stats = new WriteStat[parts.Count];
        await Requests.ForEachAsync(
            folder.Store, [.. Enumerable.Range(0, parts.Count)], async i => stats[i] = await files.WriteLogAsync(parts[i].Partition, parts[i].Group, parts[i].Records, cancellationToken));
        var written = stats.GroupBy(s => s.PartitionPath!).ToDictionary(g => g.Key, g => (IReadOnlyList<WriteStat>)[.. g]);
        folder.Memory.Add(before, await CompleteAsync(inflight, Upsert, written, cancellationToken), written, grown);
        folder.Forget();
    }

    /// <summary>Makes a partition: its file groups, each with the records that belong there in a base file.</summary>
    /// <param name="instant">Of the metadata table.</param>
    /// <param name="partition">Its name.</param>
    /// <param name="groups">How many file groups; in a partitioned record index, how many each data partition gets.</param>
    /// <param name="records">All of its records.</param>
    /// <param name="cancellationToken">Gives it up as long as it is not completed.</param>
    public async ValueTask CreateAsync(
        string instant, string partition, IReadOnlyList<(string? DataPartition, int Count)> groups, IReadOnlyList<MetadataRecord> records, CancellationToken cancellationToken)
    {
        var inflight = await BeginAsync(instant, Bulk, cancellationToken);
        var files = new MetadataFiles(folder, instant, schema);
        var made = new List<MetadataGroup>();
        foreach (var (dataPartition, count) in groups)
        {
            made.AddRange(await files.CreateGroupsAsync(partition, count, dataPartition, cancellationToken));
        }

        var stats = new List<WriteStat>();
        foreach (var (group, part) in new MetadataShardMap(partition, IndexDefinitions.NewVersion(folder.Config), made).Split(records))
        {
            stats.Add(await files.WriteBaseAsync(partition, group, part, cancellationToken));
        }

        await CompleteAsync(inflight, Bulk, stats.Count == 0 ? new Dictionary<string, IReadOnlyList<WriteStat>>() : new Dictionary<string, IReadOnlyList<WriteStat>> { [partition] = stats }, cancellationToken);
    }

    /// <summary>Writes the base files of a partition's file groups ahead of the delta commit that will count them.</summary>
    public async ValueTask<IReadOnlyList<WriteStat>> WriteAheadAsync(string instant, string partition, IReadOnlyList<MetadataRecord> records, int newGroups, CancellationToken cancellationToken)
    {
        var groups = new MetadataShardMap(partition, IndexDefinitions.NewVersion(folder.Config), await folder.ListGroupsAsync(partition, mayBeEmpty: true, cancellationToken));
        var files = new MetadataFiles(folder, instant, schema);
        foreach (var added in groups.Missing(records))
        {
            groups.Add(added, await files.CreateGroupsAsync(partition, newGroups, added, cancellationToken));
        }

        var stats = new List<WriteStat>();
        foreach (var (group, part) in groups.Split(records))
        {
            stats.Add(await files.WriteBaseAsync(partition, group, part, cancellationToken));
        }

        return stats;
    }

    /// <summary>Completes a delta commit whose files are there.</summary>
    public async ValueTask CompleteAsync(string instant, IReadOnlyDictionary<string, IReadOnlyList<WriteStat>> written, CancellationToken cancellationToken) =>
        await CompleteAsync(await BeginAsync(instant, Bulk, cancellationToken), Bulk, written, cancellationToken);

    private async ValueTask<Instant> BeginAsync(string instant, string operation, CancellationToken cancellationToken)
    {
        var requested = new Instant(instant, Actions.DeltaCommit, InstantState.Requested);
        if (!await folder.Client.TryRequestAsync(requested, default, cancellationToken, Durability.Deferred))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict, "the metadata table has this instant already", folder.Data.Store.Root, instant: instant, remedy: "Let one process at a time write to the table");
        }

        // Hudi leaves it empty while a partition is made.
        var content = operation == Bulk ? default : CommitMetadataCodec.Write(new CommitMetadata { OperationType = operation }, folder.Client.Layout.Version);
        return await folder.Client.StartAsync(requested, content, Durability.Deferred, cancellationToken);
    }

    private async ValueTask<Instant> CompleteAsync(Instant inflight, string operation, IReadOnlyDictionary<string, IReadOnlyList<WriteStat>> written, CancellationToken cancellationToken)
    {
        var metadata = new CommitMetadata
        {
            PartitionToWriteStats = written,
            OperationType = operation,
            ExtraMetadata = new Dictionary<string, string> { [CommitMetadata.SchemaKey] = schema },
        };
        return await folder.Client.CompleteCommitAsync(inflight, metadata, cancellationToken, Durability.Deferred);
    }
}
