using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// The metadata table of a table, as it was when it was opened (HoodieBackedTableMetadata): each of its partitions is listed once, each file group loaded once, when first asked for. Whatever
/// is missing or damaged is an error that says how to read without it, never half an answer.
/// </summary>
internal sealed class MetadataTable : IMetadataReader
{
    private const string Remedy = "Read the table with the metadata table ignored (hoodie.metadata.enable=false), and let a writer build it again";

    private const string Undated = "00000000";

    private readonly ConcurrentDictionary<string, Lazy<Task<IReadOnlyList<FileSlice>>>> partitions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Partition, string FileId), Lazy<Task<MetadataShard>>> shards = new();
    private readonly IObjectStore store;
    private readonly TableConfig config;
    private readonly ActiveTimeline data;
    private readonly MetadataSighting seen;
    private readonly ActiveTimeline timeline;
    private readonly PendingCompactions pending;
    private readonly MetadataInstants instants;
    private readonly MetadataMemory? memory;
    private readonly Lazy<Task<IndexDefinitions>> definitions;
    private readonly Lazy<Task<IReadOnlyDictionary<string, FilesPayload>>> files;
    private bool hasFailed;

    private MetadataTable(IObjectStore table, IObjectStore store, TableConfig config, ActiveTimeline data, MetadataSighting seen, PendingCompactions pending, MetadataMemory? memory)
    {
        this.store = store;
        this.config = config;
        this.data = data;
        this.seen = seen;
        this.pending = pending;
        this.memory = memory;
        timeline = AsOf(data, seen.Timeline);
        instants = new MetadataInstants(data, timeline);
        definitions = new(() => GuardAsync(async () => await IndexDefinitions.ReadAsync(table, CancellationToken.None)));
        files = new(() => GuardAsync(ReadFilesAsync));
    }

    /// <summary>Opens it.</summary>
    /// <param name="store">The data table's storage.</param>
    /// <param name="config">The data table's properties, whose hoodie.table.metadata.partitions names the partitions to be trusted.</param>
    /// <param name="data">The data table's timeline.</param>
    /// <param name="environment">The clock.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <param name="memory">What is known of it from before; null: nothing is taken from there, or kept.</param>
    /// <exception cref="LakehouseException">Corrupt: it is not there although the table says so, or it has no completed instant.</exception>
    public static async Task<MetadataTable> OpenAsync(
        IObjectStore store, TableConfig config, ActiveTimeline data, LakehouseEnvironment environment, CancellationToken cancellationToken, MetadataMemory? memory = null)
    {
        var folder = new FolderStore(store, MetadataPartitions.Folder);
        return await GuardAsync(folder, async () => await OpenAsync(store, config, data, await SeeAsync(folder, config, data, environment, memory, cancellationToken), memory, cancellationToken));
    }

    /// <summary>Opens it as it was just seen.</summary>
    public static async Task<MetadataTable> OpenAsync(IObjectStore store, TableConfig config, ActiveTimeline data, MetadataSighting seen, MetadataMemory? memory, CancellationToken cancellationToken)
    {
        if (seen.Timeline.LatestCompletedWrite is null)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "The metadata table has no completed instant", path: seen.Client.Layout.Folder);
        }

        if (memory?.Latest is { } latest && latest.IsOf(config, data, seen))
        {
            return latest;
        }

        var table = new MetadataTable(store, new FolderStore(store, MetadataPartitions.Folder), config, data, seen, await seen.Client.ReadPendingCompactionsAsync(seen.Timeline, cancellationToken), memory);
        memory?.Keep(table);
        return table;
    }

    // Where its timeline is that which was seen last, its properties need not be looked at: they tell its version and where that timeline is.
    private static async ValueTask<MetadataSighting> SeeAsync(
        FolderStore folder, TableConfig config, ActiveTimeline data, LakehouseEnvironment environment, MetadataMemory? memory, CancellationToken cancellationToken)
    {
        var seen = memory?.Seen;
        var now = seen is null ? null : await seen.Client.LoadAsync(cancellationToken: cancellationToken);
        if (now is not null && seen!.IsStill(now))
        {
            return seen;
        }

        var properties = await PropertiesContent.ReadAsync(folder, TableConfig.Path, cancellationToken);
        if (properties.Properties is not { } own || Version(own, config) is not { } version)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Corrupt, "The table names partitions of a metadata table, which is missing, has no valid properties or is of another version", path: TableConfig.Path);
        }

        string path = version < 8 ? ".hoodie" : ".hoodie/" + own.GetValueOrDefault(ConfigKeys.TimelinePath, "timeline");
        var layout = TimelineLayout.For(version, path, data.Layout.Zone);
        bool isThere = seen is not null && seen.Client.Layout.Folder == layout.Folder && seen.Client.Layout.Version == layout.Version;
        var client = isThere ? seen!.Client : new TimelineClient(folder, layout, environment);
        var timeline = isThere ? now! : await client.LoadAsync(cancellationToken: cancellationToken);
        return memory is null ? new MetadataSighting(client, version, timeline) : memory.See(client, version, timeline);
    }

    private bool IsOf(TableConfig other, ActiveTimeline now, MetadataSighting sighting) =>
        !hasFailed && ReferenceEquals(seen, sighting) && other.MetadataPartitions.SequenceEqual(config.MetadataPartitions) && now.Instants.SequenceEqual(data.Instants);

    /// <summary>
    /// Its own version: the data table's, or a later one. Hudi's run_compaction upgrades the metadata table of a table of version 6 or 8 alone (seen with 1.2), and 9 beside 8 stays; 8 beside 9
    /// is of the same format. Null: another.
    /// </summary>
    private static int? Version(OrderedDictionary<string, string> own, TableConfig config) => own.GetValueOrDefault(ConfigKeys.Version) switch
    {
        "9" => 9,
        "8" => 8,
        "6" when config.Version == 6 => 6,
        _ => null,
    };

    /// <summary>The definitions of the table's indexes.</summary>
    public Task<IndexDefinitions> GetDefinitionsAsync(CancellationToken cancellationToken) => definitions.Value.WaitAsync(cancellationToken);

    /// <summary>
    /// Without what was completed after the data table's timeline was loaded: the places of keys go with the files of their time. Partitions are made under times of no
    /// date, and before the table's properties name them.
    /// </summary>
    private static ActiveTimeline AsOf(ActiveTimeline data, ActiveTimeline metadata)
    {
        if (data.LatestTime is not { } latest)
        {
            return metadata;
        }

        var known = data.Instants.Select(i => i.RequestedTime).ToHashSet(StringComparer.Ordinal);
        return new ActiveTimeline(
            metadata.Layout,
            [
                .. metadata.Instants.Where(i => !i.IsCompleted || i.RequestedTime.StartsWith(Undated, StringComparison.Ordinal) || known.Contains(i.RequestedTime)
                    || string.CompareOrdinal(i.CompletionTime ?? i.RequestedTime[..Math.Min(latest.Length, i.RequestedTime.Length)], latest) <= 0),
            ],
            metadata.UnknownFiles);
    }

    /// <summary>The records of the partition "files".</summary>
    public Task<IReadOnlyDictionary<string, FilesPayload>> GetFilesAsync(CancellationToken cancellationToken) => files.Value.WaitAsync(cancellationToken);

    public bool Has(string partition) => config.MetadataPartitions.Contains(partition, StringComparer.Ordinal);

    public async IAsyncEnumerable<MetadataRecord> ReadAsync(string partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var record in FindByPrefixAsync(partition, [string.Empty], cancellationToken))
        {
            yield return record;
        }
    }

    public async ValueTask<IReadOnlyDictionary<string, MetadataPayload>> FindAsync(string partition, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        var slices = await ListAsync(partition);
        if (slices.Any(s => MetadataFileIds.DataPartitionOf(s.FileId) is not null && partition == MetadataPartitions.RecordIndex))
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "The record index is partitioned: a key can be looked up in a known data partition only", store.Root);
        }

        // In version 2 of secondary indexes entries of one value lie in one group.
        bool byValue = partition.StartsWith(MetadataPartitions.SecondaryIndexPrefix, StringComparison.Ordinal) && (await GetDefinitionsAsync(cancellationToken)).VersionOf(partition, config) >= 2;
        var found = new Dictionary<string, MetadataPayload>(keys.Count, StringComparer.Ordinal);
        foreach (var group in keys.Select(k => (Key: k, Bytes: (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(k)))
            .GroupBy(k => MetadataShards.Of(byValue ? k.Bytes.Span[..SecondaryKeys.PrefixLength(k.Bytes.Span)] : k.Bytes.Span, slices.Count)))
        {
            var wanted = group.ToArray();
            Array.Sort(wanted, static (a, b) => a.Bytes.Span.SequenceCompareTo(b.Bytes.Span));
            var shard = await LoadAsync(partition, slices[group.Key], cancellationToken);
            await GuardAsync(async () =>
            {
                var sought = Array.ConvertAll(wanted, w => w.Bytes);
                if (partition == MetadataPartitions.RecordIndex)
                {
                    // A key's records are not merged.
                    await shard.FindNewestAsync(sought, (i, codec, record) => found[wanted[i].Key] = codec.Read(record), cancellationToken);
                }
                else
                {
                    await shard.FindAsync(sought, (i, payload) => found[wanted[i].Key] = payload, cancellationToken);
                }

                return true;
            });
        }

        return found;
    }

    public async IAsyncEnumerable<MetadataRecord> FindByPrefixAsync(string partition, IReadOnlyCollection<string> prefixes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wanted = Distinct(prefixes);
        foreach (var slice in await ListAsync(partition))
        {
            var shard = await LoadAsync(partition, slice, cancellationToken);
            foreach (var prefix in wanted)
            {
                foreach (var record in await GuardAsync(async () => await shard.ScanAsync(prefix, cancellationToken)))
                {
                    yield return record;
                }
            }
        }
    }

    /// <summary>The latest slices of a partition, in the order of their shards.</summary>
    /// <exception cref="LakehouseException">Corrupt: there are none, or some are missing. NotFound: the table does not list the partition.</exception>
    public Task<IReadOnlyList<FileSlice>> ListAsync(string partition) => partitions.GetOrAdd(partition, p => new(() => GuardAsync(async () =>
    {
        if (!Has(p))
        {
            throw new LakehouseException(LakehouseErrorKind.NotFound, $"The metadata table has no partition {p}", store.Root);
        }

        var slices = MetadataFileGroups.Of(await seen.ListAsync(p, CancellationToken.None), p, timeline, pending);
        return slices.Count > 0 || p == MetadataPartitions.RecordIndex
            ? slices
            : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The metadata table's partition {p} has no file groups", path: p);
    }))).Value;

    /// <summary>A file group's records.</summary>
    public Task<MetadataShard> LoadAsync(string partition, FileSlice slice, CancellationToken cancellationToken) =>
        shards.GetOrAdd((partition, slice.FileId), key => new(() => GuardAsync(async () =>
        {
            var shard = await MetadataShard.LoadAsync(store, slice, instants, memory?.Shards.GetValueOrDefault(key), CancellationToken.None);
            if (memory is not null)
            {
                memory.Shards[key] = shard;
            }

            return shard;
        }))).Value.WaitAsync(cancellationToken);

    /// <summary>Runs what reads records: errors get the remedy.</summary>
    public async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await GuardAsync(store, read);
        }
        catch
        {
            // What failed is not asked again of this object.
            hasFailed = true;
            throw;
        }
    }

    private async Task<IReadOnlyDictionary<string, FilesPayload>> ReadFilesAsync()
    {
        var records = new Dictionary<string, FilesPayload>(StringComparer.Ordinal);
        await foreach (var record in ReadAsync(MetadataPartitions.Files, CancellationToken.None))
        {
            if (record.Payload is FilesPayload payload)
            {
                records[record.Key] = payload;
            }
        }

        return records;
    }

    private static async Task<T> GuardAsync<T>(IObjectStore store, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (LakehouseException e) when (e.Remedy != Remedy && e.Kind is (LakehouseErrorKind.Corrupt or LakehouseErrorKind.NotFound or LakehouseErrorKind.Unsupported))
        {
            throw Explain(store, e);
        }
    }

    private static LakehouseException Explain(IObjectStore store, LakehouseException e) => new(
        e.Kind == LakehouseErrorKind.NotFound ? LakehouseErrorKind.Corrupt : e.Kind, $"The metadata table cannot be read: {e.Problem}", e.Table ?? store.Root, e.Path, e.Instant, Remedy, e);

    private static List<ReadOnlyMemory<byte>> Distinct(IReadOnlyCollection<string> prefixes)
    {
        var sorted = prefixes.Select(p => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(p)).ToList();
        sorted.Sort(static (a, b) => a.Span.SequenceCompareTo(b.Span));
        var distinct = new List<ReadOnlyMemory<byte>>();
        foreach (var prefix in sorted)
        {
            if (distinct.Count == 0 || !prefix.Span.StartsWith(distinct[^1].Span))
            {
                distinct.Add(prefix);
            }
        }

        return distinct;
    }
}
