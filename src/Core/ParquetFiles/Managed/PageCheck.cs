namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>Looks at the headers of a chunk's pages, and refuses what Parquet.Net 6.1 misreads or cannot read.</summary>
internal static class PageCheck
{
    /// <summary>More than any header has, statistics of long texts included; they are read in full when this is not enough.</summary>
    private const int HeaderGuess = 4096;

    public static void Check(ReadOnlyMemory<byte> chunk, ColumnChunkMetadata metadata, SchemaNode leaf, string path)
    {
        if (metadata.Codec is not (ParquetCodec.Uncompressed or ParquetCodec.Snappy or ParquetCodec.Gzip or ParquetCodec.Zstd or ParquetCodec.Brotli or ParquetCodec.Lz4Raw))
        {
            throw Refused(leaf, path, $"is compressed with {metadata.Codec}");
        }

        if (metadata.Type == ParquetType.Int96)
        {
            throw Refused(leaf, path, "holds timestamps of the old 96-bit form");
        }

        if (metadata.IsEncrypted)
        {
            throw Refused(leaf, path, "is encrypted");
        }

        long values = 0;
        for (int at = 0; at < chunk.Length;)
        {
            var header = ReadHeader(chunk[at..], path);
            if (header.CompressedSize > chunk.Length - at - header.Length)
            {
                throw new LakehouseException(LakehouseErrorKind.Corrupt, $"A page of column '{leaf.DottedPath}' reaches beyond its chunk", path: path);
            }

            at += header.Length + header.CompressedSize;
            CheckPage(header, metadata, leaf, path);
            values += header.Type is ParquetPageType.Data or ParquetPageType.DataV2 ? header.NumValues : 0;
        }

        if (values != metadata.NumValues)
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The pages of column '{leaf.DottedPath}' hold {values} values and the footer says {metadata.NumValues}", path: path);
        }
    }

    private static void CheckPage(PageHeader header, ColumnChunkMetadata metadata, SchemaNode leaf, string path)
    {
        bool data = header.Type is ParquetPageType.Data or ParquetPageType.DataV2;
        if (!data)
        {
            return;
        }

        if (metadata.Type == ParquetType.Boolean && header.Encoding != ParquetEncoding.Plain)
        {
            throw Refused(leaf, path, $"holds booleans encoded as {header.Encoding}");
        }

        if (header.Type == ParquetPageType.DataV2 && leaf.MaxRepetition > 0)
        {
            throw Refused(leaf, path, "is repeated and in data pages of version 2");
        }

        if (header.Encoding is not (ParquetEncoding.Plain or ParquetEncoding.PlainDictionary or ParquetEncoding.RleDictionary
            or ParquetEncoding.DeltaBinaryPacked or ParquetEncoding.DeltaLengthByteArray or ParquetEncoding.DeltaByteArray))
        {
            throw Refused(leaf, path, $"is encoded as {header.Encoding}");
        }
    }

    private static PageHeader ReadHeader(ReadOnlyMemory<byte> bytes, string path)
    {
        if (bytes.Length > HeaderGuess)
        {
            try
            {
                return PageHeader.Read(bytes[..HeaderGuess], path);
            }
            catch (LakehouseException)
            {
                // Its statistics may be longer: the whole rest of the chunk decides.
            }
        }

        return PageHeader.Read(bytes, path);
    }

    private static LakehouseException Refused(SchemaNode leaf, string path, string what) => new(
        LakehouseErrorKind.Unsupported, $"Column '{leaf.DottedPath}' {what}, which the managed Parquet reader does not read right", path: path, remedy: "Use the native reader");
}
