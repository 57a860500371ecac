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

    /// <summary>Whether a key that is stored in another partition moves to its row's, of the global indexes; default true.</summary>
    public const string SimpleMovesOption = "hoodie.simple.index.update.partition.path";

    /// <inheritdoc cref="SimpleMovesOption"/>
    public const string BloomMovesOption = "hoodie.bloom.index.update.partition.path";

    public static IReadOnlyList<string> Names { get; } = [Simple, Bloom, GlobalSimple, GlobalBloom, Bucket];

    /// <summary>Whether a key is one in the whole table, and not in its partition.</summary>
    public static bool IsGlobal(string type) => type is GlobalSimple or GlobalBloom;

    /// <summary>What looks for stored rows by such an index; with buckets, within the files that the key's hash names.</summary>
    public static IIndex Create(string type, IndexSettings settings) => type.ToUpperInvariant() switch
    {
        Simple or GlobalSimple or Bucket => new SimpleIndex(settings),
        Bloom or GlobalBloom => new BloomIndex(settings),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The index type '{type}' is not supported for writing", remedy: $"Use one of {string.Join(", ", Names)} ({TypeOption})"),
    };
}
