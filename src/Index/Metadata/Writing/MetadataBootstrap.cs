using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Gives a table a metadata table, or one more partition of it (HoodieBackedTableMetadataWriter.initializeFromFilesystem). The table's properties name a partition only when all of it is there, so
/// that a process that dies leaves nothing but a folder that nobody reads and the next one begins anew.
/// </summary>
/// <param name="folder">The metadata table.</param>
/// <param name="source">How the table's files are read.</param>
/// <param name="options">Which kind of record index is made, and how many file groups it gets.</param>
internal sealed class MetadataBootstrap(MetadataFolder folder, MetadataSource source, MetadataOptions options)
{
    /// <summary>HoodieTableMetadata.SOLO_COMMIT_TIMESTAMP: for a table without instants.</summary>
    private const string NoInstant = "00000000000000";

    private readonly TimelineClient data = folder.Data;

    /// <summary>The secondary indexes that are among what is made.</summary>
    public IReadOnlyList<IndexDefinition> Secondary { get; init; } = [];

    /// <param name="partitions">Those that are missing, in the order in which they are made.</param>
    /// <param name="schema">The records' schema, without meta fields.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public async ValueTask RunAsync(IReadOnlyList<string> partitions, string schema, CancellationToken cancellationToken)
    {
        if (folder.Config.MetadataPartitions.Length == 0)
        {
            await CreateTableAsync(cancellationToken);
        }

        var records = await RecordsAsync(partitions, await data.LoadAsync(cancellationToken: cancellationToken), cancellationToken);
        foreach (var partition in partitions)
        {
            await folder.Store.DeleteFolderAsync(partition, cancellationToken);
            await new MetadataCommit(folder, schema).CreateAsync(await NextInstantAsync(cancellationToken), partition, GroupsOf(partition, Counts(records[partition])), records[partition], cancellationToken);
        }

        // Where another took the lock meanwhile, it has begun to make them anew.
        await data.Locks.RequireHeldAsync(cancellationToken);
        await DefineAsync(partitions, cancellationToken);
        await PublishAsync(partitions, cancellationToken);
    }

    /// <summary>The records of partitions, of the table as a timeline shows it.</summary>
    public async ValueTask<Dictionary<string, IReadOnlyList<MetadataRecord>>> RecordsAsync(IReadOnlyList<string> partitions, ActiveTimeline timeline, CancellationToken cancellationToken)
    {
        var listed = await CommittedFiles.ListAsync(data.Store, timeline, cancellationToken);
        var columns = ColumnStatsColumns.Of(folder.Config, source.Schema);
        var files = listed.SelectMany(p => p.Value.Select(f => new DataFile(p.Key, f.Key, f.Value))).ToList();
        var records = await new FileIndexes(data.Store, folder.Config, source, columns, IndexDefinitions.NewVersion(folder.Config)).ReadAsync(files, partitions.ToHashSet(), before: null, cancellationToken);
        records[MetadataPartitions.Files] = FilesRecords.Of(listed);
        if (partitions.Contains(MetadataPartitions.RecordIndex))
        {
            records[MetadataPartitions.RecordIndex] = await new RecordIndexRecords(folder, source, options.IsRecordIndexPartitioned).OfTableAsync(timeline, cancellationToken);
        }

        foreach (var index in Secondary)
        {
            records[index.Name] = await new SecondaryIndexRecords(folder, source, index).OfTableAsync(timeline, cancellationToken);
        }

        return records;
    }

    /// <summary>Writes the definitions that partitions have.</summary>
    public async ValueTask DefineAsync(IReadOnlyList<string> partitions, CancellationToken cancellationToken)
    {
        if (Secondary.Count == 0 && !partitions.Contains(MetadataPartitions.ColumnStats) && !partitions.Contains(MetadataPartitions.RecordIndex))
        {
            return;
        }

        var definitions = await IndexDefinitions.ReadAsync(data.Store, cancellationToken);
        foreach (var index in Secondary)
        {
            definitions.Set(index);
        }

        if (partitions.Contains(MetadataPartitions.RecordIndex))
        {
            definitions.Set(IndexDefinition.OfRecordIndex(options.IsRecordIndexPartitioned));
        }

        if (partitions.Contains(MetadataPartitions.ColumnStats))
        {
            definitions.Set(IndexDefinition.OfColumnStats(ColumnStatsColumns.Of(folder.Config, source.Schema).Select(c => c.Name), IndexDefinitions.NewVersion(folder.Config)));
        }

        await definitions.WriteAsync(data.Store, cancellationToken);
        await TableConfigFile.UpdateAsync(data.Store, new Dictionary<string, string?> { [ConfigKeys.IndexDefinitions] = IndexDefinitions.Path }, data.Environment, cancellationToken);
    }

    /// <summary>From now on readers take partitions for complete.</summary>
    public async ValueTask PublishAsync(IReadOnlyList<string> partitions, CancellationToken cancellationToken) => await TableConfigFile.UpdateAsync(
        data.Store,
        new Dictionary<string, string?>
        {
            [ConfigKeys.MetadataPartitions] = string.Join(',', folder.Config.MetadataPartitions.Union(partitions).Order(StringComparer.Ordinal)),
            [ConfigKeys.MetadataPartitionsInflight] = string.Join(',', folder.Config.MetadataPartitionsInflight.Except(partitions)),
        },
        data.Environment,
        cancellationToken);

    /// <summary>How many records there are, in a partitioned record index for each data partition.</summary>
    public static IReadOnlyDictionary<string, long> Counts(IReadOnlyList<MetadataRecord> records) =>
        records.GroupBy(r => r.DataPartition ?? string.Empty, StringComparer.Ordinal).ToDictionary(g => g.Key, g => (long)g.Count(), StringComparer.Ordinal);

    /// <summary>The file groups of a new partition: Hudi's defaults (hoodie.metadata.index.column.stats.file.group.count and the like), or what its records need.</summary>
    public IReadOnlyList<(string? DataPartition, int Count)> GroupsOf(string partition, IReadOnlyDictionary<string, long> records) => partition switch
    {
        MetadataPartitions.ColumnStats => [(null, 2)],
        MetadataPartitions.BloomFilters => [(null, 4)],
        MetadataPartitions.RecordIndex when options.IsRecordIndexPartitioned =>
            [.. records.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => ((string?)p.Key, options.RecordIndexGroups(isPartitioned: true).CountFor(p.Value)))],
        MetadataPartitions.RecordIndex => [(null, options.RecordIndexGroups(isPartitioned: false).CountFor(records.Values.Sum()))],
        _ when partition.StartsWith(MetadataPartitions.SecondaryIndexPrefix, StringComparison.Ordinal) => [(null, options.RecordIndexGroups(isPartitioned: false).CountFor(records.Values.Sum()))],
        _ => [(null, 1)],
    };

    private async ValueTask CreateTableAsync(CancellationToken cancellationToken)
    {
        // What is there is left of one that was dropped or not finished; had the lock ended meanwhile, it may be one that another has made.
        await data.Locks.RequireHeldAsync(cancellationToken);
        await data.Store.DeleteFolderAsync(MetadataPartitions.Folder, cancellationToken);
        var now = data.Environment.Clock.GetUtcNow();
        var content = JavaProperties.Write(MetadataTableProperties.Of(folder.Config), "Properties saved on " + now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture), now);
        var put = await folder.Store.PutAsync(TableConfig.Path, content, PutCondition.None, Durability.Deferred, cancellationToken);
        if (put.Outcome != PutOutcome.Committed)
        {
            throw new LakehouseException(LakehouseErrorKind.Storage, "the properties of the metadata table could not be written", data.Store.Root, MetadataPartitions.Folder + "/" + TableConfig.Path, remedy: "Repeat the write", inner: put.Cause);
        }
    }

    // A count from zero, whatever the data table's instants are; in version 6 one from 10 behind the latest of those (HoodieBackedTableMetadataWriterTableVersionSix.generateUniqueInstantTime).
    public async ValueTask<string> NextInstantAsync(CancellationToken cancellationToken)
    {
        var taken = (await folder.Client.LoadAsync(cancellationToken: cancellationToken)).Instants.Select(i => i.RequestedTime).ToHashSet();
        var (prefix, first, digits) = (string.Empty, 0, "D17");
        if (!folder.Client.Layout.OrdersByCompletion)
        {
            (first, digits) = (10, "D3");
            prefix = (await data.LoadAsync(cancellationToken: cancellationToken)).Instants.LastOrDefault(i => i.IsCompleted)?.RequestedTime ?? NoInstant;
        }

        return Enumerable.Range(first, int.MaxValue - first).Select(n => prefix + n.ToString(digits, System.Globalization.CultureInfo.InvariantCulture)).First(t => !taken.Contains(t));
    }
}
