using OllaLab.Lakehouse.Bloom;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>How base files are laid out.</summary>
internal sealed record BaseFileSettings
{
    public ParquetWriteOptions Parquet { get; init; } = ParquetWriteOptions.Default;

    /// <summary>Rows of a full row group.</summary>
    public int RowGroupRows { get; init; } = 122_880;

    /// <summary>Arrow bytes of a row group's rows at most: rows that are wide make row groups of fewer.</summary>
    public long RowGroupMemory { get; init; } = 32L << 20;

    /// <summary>Bytes at which a file is closed and a new file group begun.</summary>
    public long MaxFileSize { get; init; } = 120L << 20;

    public string BloomType { get; init; } = BloomFilter.Dynamic;

    /// <summary>Keys that a filter is made for at least.</summary>
    public int BloomEntries { get; init; } = 1_000;

    public double BloomFalsePositives { get; init; } = BloomFilter.DefaultErrorRate;

    /// <summary>Is told what is written; or null.</summary>
    public WriteProgress? Progress { get; init; }

    /// <summary>Row groups that are decoded, merged or encoded at once, over all files of a write.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
