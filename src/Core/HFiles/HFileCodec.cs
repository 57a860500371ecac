namespace OllaLab.Lakehouse.HFiles;

/// <summary>How the blocks of an HFile are compressed; the numbers are those in trailers (Compression.Algorithm of HBase).</summary>
internal enum HFileCodec
{
    Lzo = 0,
    Gzip = 1,
    None = 2,
    Snappy = 3,
    Lz4 = 4,
    Bzip2 = 5,
    Zstd = 6,
}
