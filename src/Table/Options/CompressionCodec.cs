namespace OllaLab.Lakehouse;

/// <summary>Compression of Parquet pages.</summary>
public enum CompressionCodec
{
    /// <summary>Snappy: fast.</summary>
    Snappy,

    /// <summary>Zstandard: smaller files for a little more time.</summary>
    Zstd,

    /// <summary>gzip: Hudi's own default, slow.</summary>
    Gzip,

    /// <summary>No compression.</summary>
    None,
}
