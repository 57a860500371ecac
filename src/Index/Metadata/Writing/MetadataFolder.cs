using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>The metadata table of a data table as a table of its own: its storage and timeline. Its instants are read in the data table's zone, since most are the data table's.</summary>
internal sealed class MetadataFolder
{
    private PropertiesContent? properties;
    private IndexDefinitions? definitions;
    private MetadataSighting? seen;

    public MetadataFolder(TimelineClient data, TableConfig config)
    {
        Data = data;
        Config = config;
        Store = new FolderStore(data.Store, MetadataPartitions.Folder);
        var layout = TimelineLayout.For(config.Version, ".hoodie/timeline", data.Layout.Zone);
        Memory = MetadataMemory.Of(data);
        Client = Memory.ClientOf(layout, () => new TimelineClient(Store, layout, data.Environment, data.Locks));
    }

    /// <summary>The metadata table with what a commit asks of it, which is read at once where the table had one when it was last looked at.</summary>
    public static async ValueTask<MetadataFolder> ReadAsync(TimelineClient data, CancellationToken cancellationToken)
    {
        if (!Requests.AreAtOnce(data.Store) || MetadataMemory.Of(data).Seen is not { } last)
        {
            return new MetadataFolder(data, await TableConfigFile.LoadAsync(data.Store, data.Environment, cancellationToken));
        }

        var ((config, properties), (definitions, timeline)) = await Requests.BothAsync(
            data.Store,
            () => Requests.BothAsync(data.Store, () => TableConfigFile.LoadAsync(data.Store, data.Environment, cancellationToken), () => PropertiesContent.ReadAsync(last.Client.Store, TableConfig.Path, cancellationToken)),
            () => Requests.BothAsync(data.Store, () => IndexDefinitions.ReadAsync(data.Store, cancellationToken), () => last.Client.LoadAsync(cancellationToken: cancellationToken)));
        var folder = new MetadataFolder(data, config) { properties = properties, definitions = definitions };
        folder.seen = folder.Client.Layout.Folder == last.Client.Layout.Folder ? folder.See(timeline) : null;
        return folder;
    }

    /// <summary>The data table.</summary>
    public TimelineClient Data { get; }

    /// <summary>The data table's properties.</summary>
    public TableConfig Config { get; }

    public IObjectStore Store { get; }

    public TimelineClient Client { get; }

    /// <summary>What is kept of it from one look to the next.</summary>
    public MetadataMemory Memory { get; }

    /// <summary>The definitions of the table's indexes as they were when this was made, or first asked for.</summary>
    public async ValueTask<IndexDefinitions> GetDefinitionsAsync(CancellationToken cancellationToken) => definitions ??= await IndexDefinitions.ReadAsync(Data.Store, cancellationToken);

    /// <summary>Its timeline as it was when this was made, or first asked for: nobody else changes it under the table's lock.</summary>
    public async ValueTask<MetadataSighting> GetSeenAsync(CancellationToken cancellationToken) => seen ??= See(await Client.LoadAsync(cancellationToken: cancellationToken));

    /// <summary>Its timeline has been changed by this process.</summary>
    public void Forget() => seen = null;

    /// <summary>The partitions that writes must keep up to date: those that are ready, and those being built, whose file groups are there already.</summary>
    public IEnumerable<string> Partitions => Config.MetadataPartitions.Union(Config.MetadataPartitionsInflight);

    /// <summary>
    /// The file groups of a partition by their order, which is the shard number (HoodieTableMetadataUtil.getPartitionLatestMergedFileSlices). One that is missing would send keys to the
    /// wrong groups, as Hudi does: such a table is refused.
    /// </summary>
    /// <param name="partition">Of the metadata table.</param>
    /// <param name="mayBeEmpty">Whether it may have none: a partitioned record index gets them with the first rows of each data partition.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public async ValueTask<IReadOnlyList<MetadataGroup>> ListGroupsAsync(string partition, bool mayBeEmpty, CancellationToken cancellationToken)
    {
        var groups = new SortedDictionary<string, MetadataGroup>(StringComparer.Ordinal);
        foreach (var name in await ListNamesAsync(partition, mayBeEmpty, cancellationToken))
        {
            var found = FileNames.TryParseLogFile(partition, name, 0, out var log) ? new MetadataGroup(log.FileId, log.Instant, log.Version)
                : FileNames.TryParseBaseFile(partition, name, 0, out var file) ? new MetadataGroup(file.FileId, file.Instant, 0)
                : null;
            if (found is not null)
            {
                groups[found.FileId] = groups.TryGetValue(found.FileId, out var known) && !found.IsAfter(known) ? known : found;
            }
        }

        if (groups.Count == 0 && !mayBeEmpty)
        {
            throw Damaged(partition, "it has no file groups");
        }

        foreach (var of in groups.Keys.GroupBy(id => partition == MetadataPartitions.RecordIndex ? MetadataFileIds.DataPartitionOf(id) : null))
        {
            int count = of.Count();
            for (int shard = 0; shard < count; shard++)
            {
                if (!groups.ContainsKey(MetadataFileIds.Make(partition, shard, of.Key)))
                {
                    throw Damaged(partition, $"of its {count} file groups '{MetadataFileIds.Make(partition, shard, of.Key)}' is missing");
                }
            }
        }

        return [.. groups.Values];
    }

    /// <summary>A new time for a service. In version 6 many times of the metadata table have more digits: the data table's clock goes on from its own.</summary>
    public async ValueTask<string> NewInstantAsync(CancellationToken cancellationToken)
    {
        var client = Client.Layout.OrdersByCompletion ? Client : Data;
        return client.NewInstantTime(await client.LoadAsync(cancellationToken: cancellationToken));
    }

    /// <summary>
    /// Whether its timeline is where that of the data table's version is; null: there is no table. Hudi's run_compaction leaves a metadata table of version 9 beside a table of version 6.
    /// </summary>
    public async ValueTask<bool?> HasLayoutAsync(CancellationToken cancellationToken)
    {
        properties ??= await PropertiesContent.ReadAsync(Store, TableConfig.Path, cancellationToken);
        return properties.State == ContentState.Absent ? null : (properties.Properties?.GetValueOrDefault(ConfigKeys.Version) is "8" or "9") == (Config.Version >= 8);
    }

    // What is being built, and a partitioned record index, get file groups that no instant tells of yet.
    private async ValueTask<IReadOnlyCollection<string>> ListNamesAsync(string partition, bool isGrowing, CancellationToken cancellationToken) =>
        seen is null || isGrowing || !Client.Layout.OrdersByCompletion || !Config.MetadataPartitions.Contains(partition)
            ? await Store.ListNamesAsync(partition, cancellationToken)
            : [.. (await seen.ListAsync(partition, cancellationToken)).Select(f => f.Name)];

    private MetadataSighting See(ActiveTimeline timeline) => Memory.See(Client, properties?.Properties?.GetValueOrDefault(ConfigKeys.Version) switch { "9" => 9, "8" => 8, "6" => 6, _ => Config.Version }, timeline);

    public LakehouseException Damaged(string partition, string problem) => new(
        LakehouseErrorKind.Corrupt,
        $"The partition '{partition}' of the metadata table cannot be kept right: {problem}",
        Data.Store.Root,
        MetadataPartitions.Folder + "/" + partition,
        remedy: "Drop the metadata table (write with hoodie.metadata.enable=false); a later write builds it again");
}

/// <summary>A file group of the metadata table as a writer sees it.</summary>
/// <param name="FileId">Its name.</param>
/// <param name="Instant">The latest instant in the names of its files; in version 6 that of its latest slice.</param>
/// <param name="LogVersion">The greatest version of a log with that instant; 0 where there is none.</param>
internal sealed record MetadataGroup(string FileId, string Instant, int LogVersion)
{
    public bool IsAfter(MetadataGroup other) => string.CompareOrdinal(Instant, other.Instant) is var order && (order > 0 || (order == 0 && LogVersion > other.LogVersion));
}
