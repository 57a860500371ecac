using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;
using OllaLab.Lakehouse.Timelines;
using OllaLab.Lakehouse.Writing;

namespace OllaLab.Lakehouse.Services;

/// <summary>Indexes of the metadata table as a table's user asks for them (HoodieIndexer; HoodieSparkIndexClient).</summary>
internal sealed class TableIndexing(LakehouseTable table)
{
    public async Task<(string Name, string? Instant)> ScheduleAsync(IndexKind kind, IndexOptions options, CancellationToken cancellationToken)
    {
        MetadataOptions.Check(options.Properties, table.Location);
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        state.Config.RequireWritable();
        if (state.Config.Version < 8)
        {
            throw Refused(state, "Indexes are made in tables of version 8 and later", "Let Apache Hudi make the index, or upgrade the table");
        }

        if (!state.Config.PopulateMetaFields && kind is IndexKind.RecordLevel or IndexKind.PartitionedRecordLevel or IndexKind.Secondary)
        {
            throw Refused(state, "Such an index needs record keys in the files, and the table has hoodie.populate.meta.fields=false", "Create a table with meta columns");
        }

        var source = await SourceAsync(state, cancellationToken);
        var name = NameOf(kind, options);
        var secondary = kind == IndexKind.Secondary ? await SecondaryAsync(state, source, name, options, cancellationToken) : null;
        if (kind == IndexKind.PartitionStats && (state.Config.PartitionFields.Length == 0 || !state.Config.MetadataPartitions.Contains(MetadataPartitions.ColumnStats)))
        {
            throw Invalid(state, "Statistics of partitions need a table with partitions that has statistics of columns", "Create the index column_stats first");
        }

        await SetAsync(state, name, enabled: true, kind, cancellationToken);
        state = await table.RefreshAsync(cancellationToken: cancellationToken);
        await MetadataWriter.PrepareAsync(state.Client, FilesOnly, source, cancellationToken);
        var planned = await new MetadataIndexing(state.Client, source, OptionsOf(kind == IndexKind.PartitionedRecordLevel, state, options))
            .ScheduleAsync([name], secondary is null ? [] : [secondary], cancellationToken);
        return (name, planned?.RequestedTime);
    }

    public async Task<IReadOnlyList<string>> ExecuteAsync(string? instant, IndexOptions options, CancellationToken cancellationToken)
    {
        MetadataOptions.Check(options.Properties, table.Location);
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        state.Config.RequireWritable();
        var planned = state.Timeline.Pending.Where(i => i.Action == Actions.Indexing && (instant is null || i.RequestedTime == instant)).ToList();
        if (instant is not null && planned.Count == 0)
        {
            throw new LakehouseException(LakehouseErrorKind.NotFound, "No indexing of this instant is planned", state.Store.Root, state.Client.Layout.Folder, instant, "List the instants with 'timeline'");
        }

        var source = await SourceAsync(state, cancellationToken);
        var done = new List<string>();
        foreach (var indexing in planned)
        {
            bool isPartitioned = (await IndexDefinitions.ReadAsync(state.Store, cancellationToken)).Find(MetadataPartitions.RecordIndex)?.IsPartitioned == true;
            done.Add((await new MetadataIndexing(state.Client, source, OptionsOf(isPartitioned, state, options)).ExecuteAsync(indexing, cancellationToken)).RequestedTime);
        }

        return done;
    }

    public async Task<bool> DropAsync(string name, CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        state.Config.RequireWritable();
        var known = (await ListAsync(cancellationToken)).Select(i => i.Name).ToHashSet();
        if (MetadataPartitions.MeantBy(name).FirstOrDefault(known.Contains) is not { } full)
        {
            return false;
        }

        string[] dropped = full == MetadataPartitions.ColumnStats ? [full, MetadataPartitions.PartitionStats] : [full];
        foreach (var index in dropped)
        {
            await SetAsync(state, index, enabled: false, null, cancellationToken);
        }

        return await MetadataIndexing.DropAsync(state.Client, dropped, cancellationToken);
    }

    public async Task<IReadOnlyList<IndexInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var state = await table.RefreshAsync(cancellationToken: cancellationToken);
        var definitions = await IndexDefinitions.ReadAsync(state.Store, cancellationToken);
        var pending = (await MetadataIndexing.PendingAsync(state.Client, state.Timeline, cancellationToken)).SelectMany(p => p.Plan.Partitions.Select(i => (i.Name, p.Instant.RequestedTime))).ToLookup(p => p.Name, p => p.RequestedTime);
        var names = state.Config.MetadataPartitions.Concat(state.Config.MetadataPartitionsInflight).Concat(pending.Select(p => p.Key)).Concat(definitions.All.Select(d => d.Name));
        var listed = new List<IndexInfo>();
        foreach (var name in names.Where(n => n != MetadataPartitions.Files).Distinct().Order(StringComparer.Ordinal))
        {
            var definition = definitions.Find(name);
            var groups = new HashSet<string>(StringComparer.Ordinal);
            int files = 0;
            long bytes = 0;
            await foreach (var file in state.Store.ListAsync(MetadataPartitions.Folder + "/" + name, recursive: false, cancellationToken))
            {
                var group = FileNames.TryParseBaseFile(name, file.Name, 0, out var parsed) ? parsed.FileId : FileNames.TryParseLogFile(name, file.Name, 0, out var log) ? log.FileId : null;
                if (group is not null)
                {
                    groups.Add(group);
                    files++;
                    bytes += file.Length;
                }
            }

            listed.Add(new IndexInfo
            {
                Name = name,
                Type = definition?.Type is { Length: > 0 } type ? type + (definition.IsPartitioned ? " (partitioned)" : string.Empty) : name,
                Columns = definition?.SourceFields ?? [],
                Version = definition?.Version,
                State = state.Config.MetadataPartitions.Contains(name) ? "ready" : state.Config.MetadataPartitionsInflight.Contains(name) ? "inflight" : pending.Contains(name) ? "planned" : "defined",
                Instant = state.Config.MetadataPartitions.Contains(name) ? null : pending[name].FirstOrDefault(),
                FileGroups = groups.Count,
                Files = files,
                Bytes = bytes,
            });
        }

        return listed;
    }

    // The listing of files, which every index needs; nothing else is made on the way.
    private static MetadataOptions FilesOnly => new(new Dictionary<string, string> { [MetadataOptions.ColumnStatsKey] = "false" });

    private static MetadataOptions OptionsOf(bool isPartitioned, TableState state, IndexOptions options) => new(
        state.Config.Properties, new Dictionary<string, string>(options.Properties) { [MetadataOptions.PartitionedRecordIndexKey] = isPartitioned ? "true" : "false" });

    private async ValueTask<MetadataSource> SourceAsync(TableState state, CancellationToken cancellationToken)
    {
        var resources = table.Options;
        return new MetadataSource(await state.GetSchemaAsync(cancellationToken: cancellationToken), ParquetFormats.Of(resources.ParquetReader))
        {
            Merging = new MergeSettings(MergeRule.Create(state.Config, mergers: resources.RecordMergers), resources.MemoryBudget / 8, resources.SpillFolder),
        };
    }

    private static string NameOf(IndexKind kind, IndexOptions options) => kind switch
    {
        IndexKind.RecordLevel or IndexKind.PartitionedRecordLevel => MetadataPartitions.RecordIndex,
        IndexKind.Secondary => MetadataPartitions.SecondaryIndexPrefix + (options.Name ?? "idx_" + options.Column),
        IndexKind.ColumnStats => MetadataPartitions.ColumnStats,
        IndexKind.PartitionStats => MetadataPartitions.PartitionStats,
        IndexKind.BloomFilters => MetadataPartitions.BloomFilters,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of index."),
    };

    private static async ValueTask<IndexDefinition> SecondaryAsync(TableState state, MetadataSource source, string name, IndexOptions options, CancellationToken cancellationToken)
    {
        var column = options.Column ?? throw Invalid(state, "A secondary index needs a column", "Name one (IndexOptions.Column, --column)");
        SecondaryIndexColumn.Require(source.Schema, column, state.Store.Root);
        var definitions = await IndexDefinitions.ReadAsync(state.Store, cancellationToken);
        if (!state.Config.MetadataPartitions.Contains(MetadataPartitions.RecordIndex) || definitions.Find(MetadataPartitions.RecordIndex)?.IsPartitioned == true)
        {
            throw Invalid(state, "A secondary index leads to record keys, which a global record index must find, and the table has none", "Create the index record_index first");
        }

        if (definitions.All.FirstOrDefault(d => d.Type == MetadataPartitions.SecondaryIndexType && d.Name != name && d.SourceFields.Contains(column)) is { } same)
        {
            throw Invalid(state, $"The column '{column}' has the secondary index {same.Name}", "Drop that first");
        }

        return IndexDefinition.OfSecondary(name[MetadataPartitions.SecondaryIndexPrefix.Length..], column, state.Config.Version);
    }

    /// <summary>What the table's own options say is made to agree: else the next write would drop what was created, or make again what was dropped.</summary>
    private async ValueTask SetAsync(TableState state, string index, bool enabled, IndexKind? kind, CancellationToken cancellationToken)
    {
        string[] keys = index switch
        {
            MetadataPartitions.ColumnStats => [MetadataOptions.ColumnStatsKey],
            MetadataPartitions.PartitionStats => [MetadataOptions.PartitionStatsKey],
            MetadataPartitions.BloomFilters => [MetadataOptions.BloomFiltersKey],
            MetadataPartitions.RecordIndex when enabled => [kind == IndexKind.PartitionedRecordLevel ? MetadataOptions.PartitionedRecordIndexKey : MetadataOptions.GlobalRecordIndexKey],
            MetadataPartitions.RecordIndex => [MetadataOptions.GlobalRecordIndexKey, MetadataOptions.RecordIndexKey, MetadataOptions.PartitionedRecordIndexKey],
            _ => [],
        };
        bool isDefault = index is MetadataPartitions.ColumnStats or MetadataPartitions.PartitionStats;
        var changes = new Dictionary<string, string?>();
        foreach (var key in keys)
        {
            bool now = state.Config.Properties.TryGetValue(key, out var text) ? bool.Parse(text) : isDefault;
            if (now != enabled && (isDefault || state.Config.Properties.ContainsKey(key)))
            {
                changes[key] = enabled ? "true" : "false";
            }
        }

        if (changes.Count > 0)
        {
            await TableConfigFile.UpdateAsync(state.Store, changes, table.Options.Environment, cancellationToken);
        }
    }

    private static LakehouseException Refused(TableState state, string problem, string remedy) => new(LakehouseErrorKind.Unsupported, problem, state.Store.Root, remedy: remedy);

    private static LakehouseException Invalid(TableState state, string problem, string remedy) => new(LakehouseErrorKind.InvalidInput, problem, state.Store.Root, remedy: remedy);
}
