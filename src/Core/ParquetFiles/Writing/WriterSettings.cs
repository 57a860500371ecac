using ParquetSharp;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>Our options as ParquetSharp's.</summary>
internal static class WriterSettings
{
    /// <param name="column">The top-level column that is written.</param>
    public static WriterProperties Create(ParquetWriteOptions options, ParquetOutputSchema schema, int column)
    {
        using var builder = new WriterPropertiesBuilder();
        builder.MemoryPool(ArrowMemory.Pool)
            .Version(ParquetVersion.PARQUET_2_6)
            .DataPageVersion(ParquetDataPageVersion.V1)
            .Compression(Codec(options.Codec))
            .EnableDictionary()
            .DictionaryPagesizeLimit(options.DictionaryPageLimit)
            .DataPagesize(options.DataPageSize)
            .MaxRowGroupLength(int.MaxValue)
            .EnableStatistics()
            .SetSizeStatisticsLevel(SizeStatisticsLevel.None)
            .DisableWritePageIndex();
        if (options.CodecLevel is { } level)
        {
            builder.CompressionLevel(level);
        }

        var node = schema.Root.Children[column];
        foreach (var leaf in schema.Root.Leaves.Skip(node.FirstLeaf).Take(node.LeafCount))
        {
            if (options.PlainColumns.Contains(node.Name) || options.PlainColumns.Contains(leaf.DottedPath) || schema.IsWithoutDictionary(leaf))
            {
                builder.DisableDictionary(leaf.DottedPath);
            }
        }

        return builder.Build();
    }

    private static Compression Codec(ParquetCodec codec) => codec switch
    {
        ParquetCodec.Uncompressed => Compression.Uncompressed,
        ParquetCodec.Snappy => Compression.Snappy,
        ParquetCodec.Gzip => Compression.Gzip,
        ParquetCodec.Zstd => Compression.Zstd,
        _ => throw new LakehouseException(LakehouseErrorKind.Unsupported, $"Parquet files are not written with the codec {codec}", remedy: "Use zstd, snappy, gzip or uncompressed"),
    };
}
