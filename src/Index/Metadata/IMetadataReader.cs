namespace OllaLab.Lakehouse.Metadata;

/// <summary>Looks records of the metadata table up, merged from base files and those log blocks that count. A key without a live record has none.</summary>
internal interface IMetadataReader
{
    /// <summary>Whether a partition is there and complete, so that its answers may be trusted.</summary>
    bool Has(string partition);

    /// <summary>All records of a partition, shard after shard, in key order within each.</summary>
    IAsyncEnumerable<MetadataRecord> ReadAsync(string partition, CancellationToken cancellationToken);

    /// <summary>The records of the keys that have one.</summary>
    ValueTask<IReadOnlyDictionary<string, MetadataPayload>> FindAsync(string partition, IReadOnlyCollection<string> keys, CancellationToken cancellationToken);

    /// <summary>The records whose keys begin with one of the prefixes, from all shards.</summary>
    IAsyncEnumerable<MetadataRecord> FindByPrefixAsync(string partition, IReadOnlyCollection<string> prefixes, CancellationToken cancellationToken);
}
