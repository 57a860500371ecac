using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Writing;

/// <summary>How base and log files are laid out, from the caller's options.</summary>
internal static class FileLayout
{
    /// <summary>Arrow bytes of one row group under way, of which there is one more than threads: a quarter of the memory option for all.</summary>
    public static long RowGroupMemory(LakehouseOptions resources) => resources.MemoryBudget / 4 / (resources.Threads + 1);

    public static BaseFileSettings Of(WriteOptions options, LakehouseOptions resources) => new()
    {
        Parquet = ParquetWriteOptions.Default with
        {
            Codec = options.Codec switch
            {
                CompressionCodec.Snappy => ParquetCodec.Snappy,
                CompressionCodec.Zstd => ParquetCodec.Zstd,
                CompressionCodec.Gzip => ParquetCodec.Gzip,
                _ => ParquetCodec.Uncompressed,
            },
        },
        RowGroupRows = options.RowGroupRows,
        RowGroupMemory = RowGroupMemory(resources),
        MaxFileSize = options.MaxFileSize,
        BloomType = options.BloomFilter == BloomFilterType.Simple ? Bloom.BloomFilter.Simple : Bloom.BloomFilter.Dynamic,
        BloomEntries = options.BloomEntries,
        BloomFalsePositives = options.BloomFalsePositives,
        Threads = resources.Threads,
        Progress = options.Progress,
    };

    public static LogFileSettings LogsOf(WriteOptions options) => new()
    {
        DataBlock = options.LogBlockFormat == LogBlockFormat.Parquet ? LogBlockType.ParquetData : LogBlockType.AvroData,
        MaxFileSize = options.MaxLogFileSize,
        MaxBlockSize = options.MaxLogBlockSize,
        Positions = options.RecordPositions,
    };
}
