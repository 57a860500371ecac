namespace OllaLab.Lakehouse;

/// <summary>Kinds of bloom filter in a base file's footer (BloomFilterTypeCode).</summary>
public enum BloomFilterType
{
    /// <summary>DYNAMIC_V0: grows with the keys added.</summary>
    Dynamic,

    /// <summary>SIMPLE: of one size.</summary>
    Simple,
}
