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
    /// <param name="cancellationToken">Gives it up as long as it is not completed.</param>
    public async ValueTask RunAsync(string instant, IReadOnlyDictionary<string, IReadOnlyList<MetadataRecord>> records, CancellationToken cancellationToken)
    {
        var inflight = await BeginAsync(instant, Upsert, cancellationToken);
        var files = new MetadataFiles(folder, instant, schema);
        var written = new Dictionary<string, IReadOnlyList<WriteStat>>();
        foreach (var (partition, rows) in records.Where(r => r.Value.Count > 0))
        {
            var groups = await folder.ListGroupsAsync(partition, cancellationToken);
            var stats = new List<WriteStat>();
            foreach (var (shard, part) in Split(rows, groups.Count))
            {
                stats.Add(await files.WriteLogAsync(partition, groups[shard], part, cancellationToken));
            }

            written[partition] = stats;
        }

        await CompleteAsync(inflight, Upsert, written, cancellationToken);
    }

    /// <summary>Makes a partition: its file groups, each with the records that belong there in a base file.</summary>
    public async ValueTask CreateAsync(string instant, string partition, int groups, IReadOnlyList<MetadataRecord> records, CancellationToken cancellationToken)
    {
        var inflight = await BeginAsync(instant, Bulk, cancellationToken);
        var files = new MetadataFiles(folder, instant, schema);
        var made = await files.CreateGroupsAsync(partition, groups, cancellationToken);
        var stats = new List<WriteStat>();
        foreach (var (shard, part) in Split(records, groups))
        {
            stats.Add(await files.WriteBaseAsync(partition, made[shard], part, cancellationToken));
        }

        await CompleteAsync(inflight, Bulk, stats.Count == 0 ? [] : new Dictionary<string, IReadOnlyList<WriteStat>> { [partition] = stats }, cancellationToken);
    }

    private static IEnumerable<(int Shard, IReadOnlyList<MetadataRecord> Records)> Split(IEnumerable<MetadataRecord> records, int groups) =>
        records.GroupBy(r => MetadataShards.Of(r.Key, groups)).Select(g => (g.Key, (IReadOnlyList<MetadataRecord>)[.. g]));

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

    private async ValueTask CompleteAsync(Instant inflight, string operation, Dictionary<string, IReadOnlyList<WriteStat>> written, CancellationToken cancellationToken)
    {
        var metadata = new CommitMetadata
        {
            PartitionToWriteStats = written,
            OperationType = operation,
            ExtraMetadata = new Dictionary<string, string> { [CommitMetadata.SchemaKey] = schema },
        };
        await folder.Client.CompleteAsync(inflight, CommitMetadataCodec.Write(metadata, folder.Client.Layout.Version), cancellationToken, Durability.Deferred);
    }
}
