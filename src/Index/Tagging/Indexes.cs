namespace OllaLab.Lakehouse.Indexing;

/// <summary>Makes an index by Hudi's name for it.</summary>
internal static class Indexes
{
    public const string TypeOption = "hoodie.index.type";
    public const string Simple = "SIMPLE";
    public const string Bloom = "BLOOM";
    public const string GlobalSimple = "GLOBAL_SIMPLE";
    public const string GlobalBloom = "GLOBAL_BLOOM";
    public const string Bucket = "BUCKET";

    /// <summary>Where the memory of a process knows its own keys only (HoodieInMemoryHashIndex), the files are looked into: no key is stored twice.</summary>
    public const string InMemory = "INMEMORY";

    /// <summary>The former name of <see cref="GlobalRecordLevel"/>.</summary>
    public const string Record = "RECORD_INDEX";
    public const string GlobalRecordLevel = "GLOBAL_RECORD_LEVEL_INDEX";
    public const string RecordLevel = "RECORD_LEVEL_INDEX";

    /// <summary>Whether a key that is stored in another partition moves to its row's, of the global indexes; default true.</summary>
    public const string SimpleMovesOption = "hoodie.simple.index.update.partition.path";

    /// <inheritdoc cref="SimpleMovesOption"/>
    public const string BloomMovesOption = "hoodie.bloom.index.update.partition.path";

    /// <summary>The same of the global record index; default false.</summary>
    public const string RecordMovesOption = "hoodie.record.index.update.partition.path";

    public static IReadOnlyList<string> Names { get; } = [Simple, Bloom, GlobalSimple, GlobalBloom, Bucket, InMemory, Record, GlobalRecordLevel, RecordLevel];

    /// <summary>Whether a key is one in the whole table, and not in its partition.</summary>
    public static bool IsGlobal(string type) => type is GlobalSimple or GlobalBloom or Record or GlobalRecordLevel;

    /// <summary>Whether it is the metadata table's record index.</summary>
    public static bool IsRecordLevel(string type) => type is Record or GlobalRecordLevel or RecordLevel;

    /// <summary>What stands in for a record index that is not there (SparkMetadataTableGlobalRecordLevelIndex.tagLocation; for the partitioned one SIMPLE).</summary>
    public static string FallbackOf(string type) => IsGlobal(type) ? GlobalSimple : Simple;

    /// <summary>What looks for stored rows by such an index; with buckets, within the files that the key's hash names.</summary>
    public static IIndex Create(string type, IndexSettings settings) => type.ToUpperInvariant() switch
    {
        Simple or GlobalSimple or Bucket or InMemory => new SimpleIndex(settings),
        Bloom or GlobalBloom => new BloomIndex(settings),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The index type '{type}' is not supported for writing", remedy: $"Use one of {string.Join(", ", Names)} ({TypeOption})"),
    };
}
