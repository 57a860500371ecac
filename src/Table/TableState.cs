using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Locks;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse;

/// <summary>A table as it was when it was last looked at: configuration and timeline. One read or write works on one of these from beginning to end.</summary>
internal sealed class TableState
{
    private readonly bool useMetadata;
    private readonly Lazy<Task<MetadataTable>> metadata;

    private TableState(IObjectStore store, TableConfig config, TimelineClient client, ActiveTimeline timeline, SchemaCache schemas, bool useMetadata)
    {
        Store = store;
        Config = config;
        Client = client;
        Timeline = timeline;
        Schemas = schemas;
        this.useMetadata = useMetadata;
        metadata = new(() => MetadataTable.OpenAsync(store, config, timeline, client.Environment, CancellationToken.None, MetadataMemory.Of(client)));
        View = new FileSystemView(client, timeline, HasMetadata ? new MetadataFileListing(() => metadata.Value) : null);
    }

    public IObjectStore Store { get; }

    public TableConfig Config { get; }

    public TimelineClient Client { get; }

    public ActiveTimeline Timeline { get; }

    public FileSystemView View { get; }

    /// <summary>Whether the metadata table is used: the table lists its partition "files", without which Hudi does not use any of it.</summary>
    public bool HasMetadata => useMetadata && Config.MetadataPartitions.Contains(MetadataPartitions.Files, StringComparer.Ordinal);

    private SchemaCache Schemas { get; }

    /// <param name="store">The table's storage.</param>
    /// <param name="environment">The clock.</param>
    /// <param name="locks">The table's lock; null: that of this process, or the last state's.</param>
    /// <param name="last">What was loaded before, whose caches of what never changes are taken over; or null.</param>
    /// <param name="withCompletionTimes">Whether completion times of a version 6 table are needed, which cost a look at each file.</param>
    /// <param name="useMetadata">Whether the metadata table may be used where there is one.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    public static async ValueTask<TableState> LoadAsync(
        IObjectStore store, LakehouseEnvironment environment, TableState? last = null, bool withCompletionTimes = false, bool useMetadata = true, CancellationToken cancellationToken = default, TableLock? locks = null)
    {
        TableConfig config;
        ActiveTimeline? timeline = null;
        if (last is not null && Requests.AreAtOnce(store))
        {
            (config, timeline) = await Requests.BothAsync(store, () => TableConfigFile.LoadAsync(store, environment, cancellationToken), () => last.Client.LoadAsync(withCompletionTimes, cancellationToken));

            // What the properties name must be older than the timeline that it is read by.
            timeline = config.MetadataPartitions.SequenceEqual(last.Config.MetadataPartitions) ? timeline : null;
        }
        else
        {
            config = await TableConfigFile.LoadAsync(store, environment, cancellationToken);
        }

        bool isSame = last is not null && last.Config.Version == config.Version && last.Config.TimelinePath == config.TimelinePath && last.Config.TimelineTimeZone == config.TimelineTimeZone;
        var client = isSame ? last!.Client : new TimelineClient(store, config, environment, locks ?? last?.Client.Locks);
        return new TableState(store, config, client, isSame && timeline is not null ? timeline : await client.LoadAsync(withCompletionTimes, cancellationToken), last?.Schemas ?? new SchemaCache(), useMetadata);
    }

    /// <summary>The same table with another timeline: after a rollback.</summary>
    public TableState With(ActiveTimeline timeline) => new(Store, Config, Client, timeline, Schemas, useMetadata);

    /// <summary>The metadata table as of this timeline, opened once; null where it is not used.</summary>
    public async ValueTask<MetadataTable?> GetMetadataAsync() => HasMetadata ? await metadata.Value : null;

    /// <summary>The table's schema: the latest commit's that names one, before the first commit the one it was created with.</summary>
    /// <param name="asOf">Digits from <see cref="ActiveTimeline.AsOf"/>: the schema as it was then; null: the latest.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<TableSchema> GetSchemaAsync(string? asOf = null, CancellationToken cancellationToken = default)
    {
        var commit = await Client.ReadLatestSchemaCommitAsync(Timeline, asOf, cancellationToken);
        var json = commit?.ExtraMetadata[CommitMetadata.SchemaKey] ?? Config.CreateSchema
            ?? throw new LakehouseException(
                LakehouseErrorKind.NotFound, "The table has no schema yet: it was created without one and no commit has named one", Store.Root, remedy: "Write to it first, with the engine that created it");
        var schema = Schemas.Get(json);
        return commit is not null && await SchemaHistory.ReadAsync(Client, Timeline, commit, cancellationToken) is { } evolution ? schema.With(evolution) : schema;
    }

    /// <summary>Parsed schemas by their text.</summary>
    private sealed class SchemaCache
    {
        private (string Json, TableSchema Schema)? last;

        public TableSchema Get(string json)
        {
            if (last is { } known && known.Json == json)
            {
                return known.Schema;
            }

            var schema = TableSchema.FromAvro(json);
            last = (json, schema);
            return schema;
        }
    }
}
