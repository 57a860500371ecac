using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Rules file slices out by the metadata table, before any of their files is opened: by the record index and secondary indexes, where the condition asks for certain keys or values, otherwise by
/// the statistics of their columns and by bloom filters. A slice goes only if no version of a row in its base file or logs can match; what there is no record of is kept. Statistics of
/// partitions are not asked: those of Hudi leave out the base files of slices that a compaction is planned for (seen in tables of 1.0.2), by which rows would be lost.
/// </summary>
/// <param name="metadata">The metadata table.</param>
/// <param name="config">The table.</param>
/// <param name="schema">Its columns.</param>
/// <param name="latest">
/// Whether the slices are the latest of the table, with their logs or without: the places of keys are those of now, while what is stored of files holds for all time.
/// </param>
internal sealed class DataSkipping(IMetadataReader metadata, TableConfig config, TableSchema schema, bool latest = false)
{
    /// <param name="condition">The condition.</param>
    /// <param name="bound">The same, bound to columns of the table.</param>
    /// <param name="slices">The slices to choose from, of any time: what is stored is of files, which do not change.</param>
    /// <param name="cancellationToken">Ends the look-ups.</param>
    public async ValueTask<IReadOnlyList<FileSlice>> KeepAsync(Predicate condition, BoundPredicate bound, IReadOnlyList<FileSlice> slices, CancellationToken cancellationToken)
    {
        if (latest && await new KeySkipping(metadata, config, schema).KeepAsync(condition, slices, cancellationToken) is { } byKey)
        {
            // Few files are left: their own footers tell the rest.
            return byKey;
        }

        var kept = await ByColumnsAsync(condition, bound, slices, cancellationToken);
        return KeyCondition.Find(condition, config, schema) is { } keys ? await ByBloomFiltersAsync(keys, kept, cancellationToken) : kept;
    }

    private async ValueTask<IReadOnlyList<FileSlice>> ByColumnsAsync(Predicate condition, BoundPredicate bound, IReadOnlyList<FileSlice> slices, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        condition.CollectColumns(names);
        var columns = names.Select(n => ColumnStatsColumns.Find(schema, n)).OfType<ColumnStatsColumn>().ToDictionary(c => c.Name);
        var candidates = slices.Where(MayBeSkipped).ToList();
        if (columns.Count == 0 || candidates.Count == 0 || !metadata.Has(MetadataPartitions.ColumnStats))
        {
            return slices;
        }

        var prefixes = candidates.Select(s => s.PartitionPath).Distinct().SelectMany(p => columns.Keys.Select(c => MetadataKeys.ColumnStatsPrefix(c, p))).ToList();
        var found = new Dictionary<string, ColumnBounds?>(StringComparer.Ordinal);
        await foreach (var record in metadata.FindByPrefixAsync(MetadataPartitions.ColumnStats, prefixes, cancellationToken).ConfigureAwait(false))
        {
            if (record.Payload is ColumnStatsPayload { ColumnName: { } name } stats && columns.TryGetValue(name, out var column))
            {
                found[record.Key] = StoredBounds.Of(stats, column.Type);
            }
        }

        return [.. slices.Where(slice => !MayBeSkipped(slice) || bound.MightMatch(Statistics(slice, columns.Keys, found)))];
    }

    private static MergedStatistics Statistics(FileSlice slice, IEnumerable<string> columns, Dictionary<string, ColumnBounds?> found)
    {
        List<string> files = [.. slice.Base is { } file ? [file.FileName] : Array.Empty<string>(), .. slice.Logs.Where(l => !l.IsCdc).Select(l => l.FileName)];
        return new MergedStatistics(columns, files.Count, (column, i) => found.GetValueOrDefault(MetadataKeys.ColumnStats(column, slice.PartitionPath, files[i])));
    }

    private async ValueTask<IReadOnlyList<FileSlice>> ByBloomFiltersAsync(IReadOnlyCollection<string> keys, IReadOnlyList<FileSlice> slices, CancellationToken cancellationToken)
    {
        // Logs may have rows of keys that the base file has not.
        var files = slices.Where(s => s.Logs.Count == 0 && s.Base is not null).ToDictionary(s => MetadataKeys.BloomFilter(s.PartitionPath, s.Base!.FileName));
        if (files.Count == 0 || !metadata.Has(MetadataPartitions.BloomFilters))
        {
            return slices;
        }

        var filters = await metadata.FindAsync(MetadataPartitions.BloomFilters, files.Keys, cancellationToken).ConfigureAwait(false);
        var gone = files.Where(f => filters.GetValueOrDefault(f.Key) is BloomFilterPayload { IsDeleted: false } filter && !KeyCondition.MightHold(filter, keys)).Select(f => f.Value).ToHashSet();
        return gone.Count == 0 ? slices : [.. slices.Where(s => !gone.Contains(s))];
    }

    // What a merger of the user's own, or a payload class, makes of two rows need be in neither.
    private bool MayBeSkipped(FileSlice slice) => slice.Logs.Count == 0 || config.MergeMode is MergeMode.CommitTime or MergeMode.EventTime;
}
