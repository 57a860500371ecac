namespace OllaLab.Lakehouse.Indexing;

/// <summary>Makes an index by Hudi's name for it.</summary>
internal static class Indexes
{
    public const string TypeOption = "hoodie.index.type";

    public static IIndex Create(string type, IndexSettings settings) => type.ToUpperInvariant() switch
    {
        "SIMPLE" => new SimpleIndex(settings),
        "BLOOM" => new BloomIndex(settings),
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The index type '{type}' is not supported for writing", remedy: $"Use SIMPLE or BLOOM ({TypeOption})"),
    };
}
