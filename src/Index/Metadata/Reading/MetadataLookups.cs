using OllaLab.Lakehouse.Bloom;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Look-ups in the smaller indexes of the metadata table.</summary>
internal static class MetadataLookups
{
    /// <summary>The bloom filters of base files, by file name; files without one have no entry.</summary>
    public static async ValueTask<IReadOnlyDictionary<string, BloomFilter>> FindBloomFiltersAsync(
        this IMetadataReader table, string partitionPath, IReadOnlyCollection<string> fileNames, CancellationToken cancellationToken)
    {
        var keys = fileNames.Distinct(StringComparer.Ordinal).ToDictionary(f => MetadataKeys.BloomFilter(partitionPath, f), StringComparer.Ordinal);
        var filters = new Dictionary<string, BloomFilter>(StringComparer.Ordinal);
        foreach (var (key, payload) in await table.FindAsync(MetadataPartitions.BloomFilters, keys.Keys, cancellationToken))
        {
            if (payload is BloomFilterPayload filter)
            {
                filters[keys[key]] = BloomFilter.Parse(filter.Filter.Span, filter.FilterType, keys[key]);
            }
        }

        return filters;
    }

    /// <summary>The partition and file id of each key that the record index knows; null where the index is partitioned, and a key may be in any.</summary>
    public static async ValueTask<IReadOnlySet<(string Partition, string FileId)>?> FindPlacesAsync(this MetadataTable table, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        if ((await table.ListAsync(MetadataPartitions.RecordIndex)).Any(s => MetadataFileIds.DataPartitionOf(s.FileId) is not null))
        {
            return null;
        }

        var found = await table.FindAsync(MetadataPartitions.RecordIndex, keys, cancellationToken);
        return found.Values.OfType<RecordIndexPayload>().Select(p => (p.PartitionPath, RecordIndexLocation.FileIdOf(p))).ToHashSet();
    }

    /// <summary>Keys of the records that may have a value in an indexed column; the caller looks at the rows themselves, as entries may be out of date.</summary>
    /// <param name="index">The metadata table's partition, secondary_index_NAME.</param>
    /// <param name="value">As the index spells it; null: a null.</param>
    public static async ValueTask<IReadOnlyList<string>> FindRecordKeysAsync(this IMetadataReader table, string index, string? value, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var record in table.FindByPrefixAsync(index, [SecondaryKeys.Prefix(value)], cancellationToken))
        {
            keys.Add(SecondaryKeys.Split(record.Key).RecordKey);
        }

        return keys;
    }
}
