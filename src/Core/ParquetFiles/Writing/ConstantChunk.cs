using System.Buffers.Binary;
using System.Text;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// A column chunk of one text in every row, built by hand: a dictionary page with the one value and a data page whose levels and indices are one run each. Uncompressed;
/// some 100 bytes for any number of rows.
/// </summary>
internal static class ConstantChunk
{
    /// <param name="leaf">A text column, not nested.</param>
    /// <param name="value">The value of all rows; null where the column is optional.</param>
    public static (ColumnChunkMetadata Metadata, ReadOnlyMemory<byte> Bytes) Build(SchemaNode leaf, string? value, long rows)
    {
        if (leaf.Element.Type != ParquetType.ByteArray || leaf.MaxRepetition != 0 || leaf.Path.Length != 1 || (value is null && leaf.MaxDefinition == 0))
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"Column '{leaf.DottedPath}' cannot hold a constant text");
        }

        if (rows is < 0 or > int.MaxValue)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"A row group of {rows} rows is too large", remedy: "Write smaller row groups");
        }

        var writer = new ThriftWriter(256);
        byte[]? utf8 = value is null ? null : Encoding.UTF8.GetBytes(value);
        if (utf8 is not null)
        {
            WriteDictionary(writer, utf8);
        }

        int dictionaryLength = writer.Written.Length;
        WriteData(writer, leaf, utf8 is not null, (int)rows);
        int length = writer.Written.Length;
        var data = utf8 is null ? ParquetEncoding.Plain : ParquetEncoding.RleDictionary;
        var metadata = new ColumnChunkMetadata
        {
            Type = ParquetType.ByteArray,
            Encodings = utf8 is null ? [ParquetEncoding.Plain, ParquetEncoding.Rle] : [ParquetEncoding.Plain, ParquetEncoding.Rle, ParquetEncoding.RleDictionary],
            PathInSchema = leaf.Path,
            Codec = ParquetCodec.Uncompressed,
            NumValues = rows,
            TotalUncompressedSize = length,
            TotalCompressedSize = length,
            DictionaryPageOffset = utf8 is null ? null : 4,
            DataPageOffset = 4 + dictionaryLength,
            Statistics = new ColumnStatistics { NullCount = utf8 is null ? rows : 0, MinValue = utf8, MaxValue = utf8 },
            EncodingStats = [new PageEncodingStats(ParquetPageType.Data, data, 1)],
        };
        if (utf8 is not null)
        {
            metadata.EncodingStats.Insert(0, new PageEncodingStats(ParquetPageType.Dictionary, ParquetEncoding.Plain, 1));
        }
        else
        {
            metadata.Statistics.MinValue = metadata.Statistics.MaxValue = null;
        }

        return (metadata, writer.Written);
    }

    private static void WriteDictionary(ThriftWriter writer, byte[] utf8)
    {
        int size = sizeof(int) + utf8.Length;
        new PageHeader { Type = ParquetPageType.Dictionary, UncompressedSize = size, CompressedSize = size, NumValues = 1, Encoding = ParquetEncoding.Plain }.Write(writer);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, utf8.Length);
        writer.Raw(length);
        writer.Raw(utf8);
    }

    private static void WriteData(ThriftWriter writer, SchemaNode leaf, bool present, int rows)
    {
        Span<byte> body = stackalloc byte[32];
        int size = 0;
        if (leaf.MaxDefinition == 1)
        {
            // Levels of a version 1 page: their length in 4 bytes, then the run.
            int run = WriteRun(body[sizeof(int)..], rows, present ? (byte)1 : (byte)0);
            BinaryPrimitives.WriteInt32LittleEndian(body, run);
            size = sizeof(int) + run;
        }

        if (present)
        {
            // Indices of 1 bit, though 0 would do: every reader knows it.
            body[size++] = 1;
            size += WriteRun(body[size..], rows, 0);
        }

        new PageHeader
        {
            Type = ParquetPageType.Data,
            UncompressedSize = size,
            CompressedSize = size,
            NumValues = rows,
            Encoding = present ? ParquetEncoding.RleDictionary : ParquetEncoding.Plain,
        }.Write(writer);
        writer.Raw(body[..size]);
    }

    /// <summary>A run of the RLE / bit-packing hybrid: its length shifted by one as a varint, then the value.</summary>
    private static int WriteRun(Span<byte> to, int count, byte value)
    {
        int length = 0;
        ulong header = (ulong)count << 1;
        while (header >= 0x80)
        {
            to[length++] = (byte)(header | 0x80);
            header >>= 7;
        }

        to[length++] = (byte)header;
        to[length++] = value;
        return length;
    }
}
