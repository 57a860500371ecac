using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Writing;

/// <summary>How a write finds where a key belongs: the index that the caller or the table names, or else that its files show.</summary>
/// <param name="Files">Finds stored rows in base files.</param>
/// <param name="Buckets">The buckets that keys belong to; null: a new key may go anywhere in its partition.</param>
/// <param name="IsGlobal">Whether a key is one in the whole table, not in its partition.</param>
/// <param name="Moves">Of a global index: whether a row whose key is stored in another partition moves to its own; else it stays.</param>
internal sealed record TableIndex(IIndex Files, IBucketIndex? Buckets, bool IsGlobal, bool Moves)
{
    /// <summary>The properties that say more of an index, in a table or for a write.</summary>
    public static IReadOnlyList<string> Options { get; } =
        [BucketIndex.CountOption, BucketIndex.HashFieldOption, BucketIndex.EngineOption, Indexes.SimpleMovesOption, Indexes.BloomMovesOption, Indexes.RecordMovesOption];

    /// <summary>Hudi's name for it.</summary>
    public static string NameOf(IndexType type) => type switch
    {
        IndexType.GlobalSimple => Indexes.GlobalSimple,
        IndexType.GlobalBloom => Indexes.GlobalBloom,
        IndexType.GlobalRecordLevel => Indexes.GlobalRecordLevel,
        IndexType.RecordLevel => Indexes.RecordLevel,
        IndexType.Record => Indexes.Record,
        _ => type.ToString().ToUpperInvariant(),
    };

    public static async ValueTask<TableIndex> CreateAsync(
        TableState state, StoredRows stored, IndexSettings settings, WriteOptions options, CancellationToken cancellationToken)
    {
        var config = state.Config;
        var (onRings, found) = await Requests.BothAsync(state.Store, () => StoredBuckets.AreOnRingsAsync(state, cancellationToken), () => StoredFiles.AreBucketsAsync(state, cancellationToken));
        string? Option(string name) => options.Properties.GetValueOrDefault(name) ?? config.Properties.GetValueOrDefault(name);
        var named = options.Index is { } wanted ? NameOf(wanted) : config.Properties.GetValueOrDefault(Indexes.TypeOption)?.ToUpperInvariant();
        var areBuckets = onRings ? null : found;
        var type = named ?? (onRings || areBuckets == true ? Indexes.Bucket : Indexes.Simple);
        bool willHaveRecords = Indexes.IsRecordLevel(type) && new MetadataOptions(config.Properties, options.Properties).Wanted(config).Contains(MetadataPartitions.RecordIndex);
        var records = Indexes.IsRecordLevel(type) ? await OpenRecordsAsync(state, Indexes.IsGlobal(type)) : null;
        var files = records is not null ? new RecordLevelIndex(settings, records, type) : Indexes.Create(Indexes.IsRecordLevel(type) ? Indexes.FallbackOf(type) : type, settings);
        if (type == Indexes.Bucket)
        {
            var buckets = new StoredBuckets(state, stored);
            return new TableIndex(
                files,
                onRings || string.Equals(Option(BucketIndex.EngineOption), ConsistentBucketIndex.Engine, StringComparison.OrdinalIgnoreCase)
                    ? await buckets.CreateConsistentIndexAsync(Option, onRings, areBuckets, cancellationToken)
                    : await buckets.CreateIndexAsync(Option, areBuckets, cancellationToken),
                false,
                false);
        }

        if (onRings || areBuckets == true)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"The table's files are those of a bucket index: rows written with the index {type} would not be found by it",
                config.Root,
                remedy: $"Write with the index {Indexes.Bucket} ({Indexes.TypeOption}), or copy the table into a new one");
        }

        if (Indexes.IsGlobal(type) && !config.PopulateMetaFields)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The index {type} needs the record keys of stored rows, which a table with hoodie.populate.meta.fields=false does not hold", config.Root, remedy: $"Use {Indexes.Simple} or {Indexes.Bloom}");
        }

        // Hudi's writers make a record index that they want before they look keys up.
        bool byRecords = records is not null || willHaveRecords;
        var moves = type == Indexes.GlobalBloom ? Indexes.BloomMovesOption : byRecords ? Indexes.RecordMovesOption : Indexes.SimpleMovesOption;
        return new TableIndex(files, null, Indexes.IsGlobal(type), Option(moves) is { } text ? TableOptionsCheck.Boolean(moves, text) : !byRecords);
    }

    // Null where the table has none, or one of the other kind.
    private static async ValueTask<IRecordIndex?> OpenRecordsAsync(TableState state, bool isGlobal)
    {
        if (await state.GetMetadataAsync() is not { } metadata || !metadata.Has(MetadataPartitions.RecordIndex))
        {
            return null;
        }

        var definition = (await IndexDefinitions.ReadAsync(state.Store, CancellationToken.None)).Find(MetadataPartitions.RecordIndex);
        var index = await MetadataRecordIndex.OpenAsync(metadata, definition?.IsPartitioned);
        return index.IsPartitioned != isGlobal ? index : null;
    }

    /// <summary>The rows among which a key is one: those of a partition, or all.</summary>
    /// <returns>The partition, or -1 for all; the rows of each batch, null where none.</returns>
    public IEnumerable<(int Partition, int[]?[] Rows)> KeySpaces(IReadOnlyList<StagedBatch> unit) => IsGlobal
        ? [(-1, [.. unit.Select(b => Enumerable.Range(0, b.Length).ToArray())])]
        : RowsByPartition.Of(unit).Select(p => (p.Key, p.Value));
}
