namespace OllaLab.Lakehouse;

/// <summary>How an incoming key finds the file group that holds it (hoodie.index.type).</summary>
public enum IndexType
{
    /// <summary>Reads the key column of every base file of the touched partitions.</summary>
    Simple,

    /// <summary>Key range and bloom filter of each base file's footer first; only the key columns of files that may hold a key are read.</summary>
    Bloom,
}
