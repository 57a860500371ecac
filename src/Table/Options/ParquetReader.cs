namespace OllaLab.Lakehouse;

/// <summary>Which library reads Parquet files.</summary>
public enum ParquetReader
{
    /// <summary>ParquetSharp, over Arrow C++: the fastest, for platforms that its native library is built for.</summary>
    Native,

    /// <summary>Parquet.Net, managed code only. Refuses by name the encodings that it would misread.</summary>
    Managed,
}
