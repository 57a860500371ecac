namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>parquet.thrift: ColumnChunk and the ColumnMetaData in it.</summary>
internal sealed class ColumnChunkMetadata
{
    private UnknownFields _unknownOfChunk;
    private UnknownFields _unknownOfColumn;

    /// <summary>Another file that holds the chunk. Nobody writes that; it is refused when the chunk is to be read.</summary>
    public string? FilePath { get; set; }

    /// <summary>Deprecated; 0, or where the chunk's metadata would be.</summary>
    public long FileOffset { get; set; }

    public ParquetType Type { get; set; }

    public ParquetEncoding[] Encodings { get; set; } = [];

    public string[] PathInSchema { get; set; } = [];

    public ParquetCodec Codec { get; set; }

    /// <summary>Values with nulls, and for a repeated column all elements.</summary>
    public long NumValues { get; set; }

    /// <summary>Of the pages, headers included.</summary>
    public long TotalUncompressedSize { get; set; }

    /// <summary>Bytes of the chunk in the file, headers included.</summary>
    public long TotalCompressedSize { get; set; }

    public List<KeyValueEntry>? KeyValues { get; set; }

    public long DataPageOffset { get; set; }

    public long? IndexPageOffset { get; set; }

    public long? DictionaryPageOffset { get; set; }

    public ColumnStatistics? Statistics { get; set; }

    public List<PageEncodingStats>? EncodingStats { get; set; }

    public long? BloomFilterOffset { get; set; }

    public int? BloomFilterLength { get; set; }

    public long? OffsetIndexOffset { get; set; }

    public int? OffsetIndexLength { get; set; }

    public long? ColumnIndexOffset { get; set; }

    public int? ColumnIndexLength { get; set; }

    /// <summary>Whether the chunk is encrypted; such a chunk can be carried in a footer but not read.</summary>
    public bool IsEncrypted { get; private set; }

    /// <summary>The first byte of the chunk: its dictionary page where it has one (0 stands for none with older writers), else its first data page.</summary>
    public long Start => DictionaryPageOffset is > 0 and { } dictionary && dictionary < DataPageOffset ? dictionary : DataPageOffset;

    public static ColumnChunkMetadata Read(ref ThriftReader reader)
    {
        var read = new ColumnChunkMetadata();
        bool hasColumn = false;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            switch (id)
            {
                case 1:
                    read.FilePath = reader.ReadString(type);
                    break;
                case 2:
                    read.FileOffset = reader.ReadI64(type);
                    break;
                case 3 when type == ThriftType.Struct:
                    read.ReadColumn(ref reader);
                    hasColumn = true;
                    break;
                case 4:
                    read.OffsetIndexOffset = reader.ReadI64(type);
                    break;
                case 5:
                    read.OffsetIndexLength = reader.ReadI32(type);
                    break;
                case 6:
                    read.ColumnIndexOffset = reader.ReadI64(type);
                    break;
                case 7:
                    read.ColumnIndexLength = reader.ReadI32(type);
                    break;
                default:
                    read.IsEncrypted |= id is 8 or 9;
                    read._unknownOfChunk.Keep(ref reader, id, type);
                    break;
            }
        }

        reader.EndStruct(outer);
        if (!hasColumn)
        {
            throw reader.Corrupt("a column chunk has no metadata");
        }

        return read;
    }

    public void Write(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.Text(1, FilePath);
        writer.I64(2, FileOffset);
        writer.Field(3, ThriftType.Struct);
        WriteColumn(writer);
        writer.I64(4, OffsetIndexOffset);
        writer.I32(5, OffsetIndexLength);
        writer.I64(6, ColumnIndexOffset);
        writer.I32(7, ColumnIndexLength);
        _unknownOfChunk.Write(writer);
        writer.EndStruct(outer);
    }

    /// <summary>The same chunk, to be changed on its own.</summary>
    public ColumnChunkMetadata Copy() => (ColumnChunkMetadata)MemberwiseClone();

    /// <summary>
    /// The same chunk at another place of another file. The page indexes and the bloom filter lie elsewhere in the old file and hold absolute offsets: the copy has none.
    /// </summary>
    public ColumnChunkMetadata MoveTo(long start)
    {
        var moved = (ColumnChunkMetadata)MemberwiseClone();
        long shift = start - Start;
        moved.FileOffset = 0;
        moved.DataPageOffset = DataPageOffset + shift;
        moved.DictionaryPageOffset = DictionaryPageOffset is > 0 and { } dictionary ? dictionary + shift : null;
        moved.IndexPageOffset = null;
        moved.OffsetIndexOffset = moved.ColumnIndexOffset = moved.BloomFilterOffset = null;
        moved.OffsetIndexLength = moved.ColumnIndexLength = moved.BloomFilterLength = null;
        return moved;
    }

    private void ReadColumn(ref ThriftReader reader)
    {
        int seen = 0;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            seen |= id is > 0 and < 10 ? 1 << id : 0;
            switch (id)
            {
                case 1:
                    Type = (ParquetType)reader.ReadI32(type);
                    break;
                case 2:
                    Encodings = ReadEncodings(ref reader, type);
                    break;
                case 3:
                    PathInSchema = ReadPath(ref reader, type);
                    break;
                case 4:
                    Codec = (ParquetCodec)reader.ReadI32(type);
                    break;
                case 5:
                    NumValues = reader.ReadI64(type);
                    break;
                case 6:
                    TotalUncompressedSize = reader.ReadI64(type);
                    break;
                case 7:
                    TotalCompressedSize = reader.ReadI64(type);
                    break;
                case 8:
                    KeyValues = ReadKeyValues(ref reader, type);
                    break;
                case 9:
                    DataPageOffset = reader.ReadI64(type);
                    break;
                case 10:
                    IndexPageOffset = reader.ReadI64(type);
                    break;
                case 11:
                    DictionaryPageOffset = reader.ReadI64(type);
                    break;
                case 12 when type == ThriftType.Struct:
                    Statistics = ColumnStatistics.Read(ref reader);
                    break;
                case 13:
                    EncodingStats = ReadEncodingStats(ref reader, type);
                    break;
                case 14:
                    BloomFilterOffset = reader.ReadI64(type);
                    break;
                case 15:
                    BloomFilterLength = reader.ReadI32(type);
                    break;
                default:
                    _unknownOfColumn.Keep(ref reader, id, type);
                    break;
            }
        }

        reader.EndStruct(outer);
        const int required = (1 << 1) | (1 << 2) | (1 << 3) | (1 << 4) | (1 << 5) | (1 << 6) | (1 << 7) | (1 << 9);
        if ((seen & required) != required)
        {
            throw reader.Corrupt("a column chunk's metadata lack a required field");
        }
    }

    private void WriteColumn(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.I32(1, (int)Type);
        writer.List(2, ThriftType.I32, Encodings.Length);
        foreach (var encoding in Encodings)
        {
            writer.ZigZag((int)encoding);
        }

        writer.List(3, ThriftType.Binary, PathInSchema.Length);
        foreach (string name in PathInSchema)
        {
            writer.Text(name);
        }

        writer.I32(4, (int)Codec);
        writer.I64(5, NumValues);
        writer.I64(6, TotalUncompressedSize);
        writer.I64(7, TotalCompressedSize);
        WriteKeyValues(writer, 8, KeyValues);
        writer.I64(9, DataPageOffset);
        writer.I64(10, IndexPageOffset);
        writer.I64(11, DictionaryPageOffset);
        if (Statistics is { } statistics)
        {
            writer.Field(12, ThriftType.Struct);
            statistics.Write(writer);
        }

        if (EncodingStats is { } stats)
        {
            writer.List(13, ThriftType.Struct, stats.Count);
            foreach (var entry in stats)
            {
                entry.Write(writer);
            }
        }

        writer.I64(14, BloomFilterOffset);
        writer.I32(15, BloomFilterLength);
        _unknownOfColumn.Write(writer);
        writer.EndStruct(outer);
    }

    internal static List<KeyValueEntry> ReadKeyValues(ref ThriftReader reader, ThriftType type)
    {
        int count = reader.ReadStructList(type);
        var entries = new List<KeyValueEntry>(Math.Min(count, 64));
        for (int i = 0; i < count; i++)
        {
            entries.Add(KeyValueEntry.Read(ref reader));
        }

        return entries;
    }

    internal static void WriteKeyValues(ThriftWriter writer, short id, List<KeyValueEntry>? entries)
    {
        if (entries is null)
        {
            return;
        }

        writer.List(id, ThriftType.Struct, entries.Count);
        foreach (var entry in entries)
        {
            entry.Write(writer);
        }
    }

    private static ParquetEncoding[] ReadEncodings(ref ThriftReader reader, ThriftType type)
    {
        int count = reader.ReadList(type, out var element);
        var encodings = new ParquetEncoding[count];
        for (int i = 0; i < count; i++)
        {
            encodings[i] = (ParquetEncoding)reader.ReadI32(element);
        }

        return encodings;
    }

    private static string[] ReadPath(ref ThriftReader reader, ThriftType type)
    {
        int count = reader.ReadList(type, out var element);
        var path = new string[count];
        for (int i = 0; i < count; i++)
        {
            path[i] = reader.ReadString(element);
        }

        return path;
    }

    private static List<PageEncodingStats> ReadEncodingStats(ref ThriftReader reader, ThriftType type)
    {
        int count = reader.ReadStructList(type);
        var stats = new List<PageEncodingStats>(Math.Min(count, 8));
        for (int i = 0; i < count; i++)
        {
            stats.Add(PageEncodingStats.Read(ref reader));
        }

        return stats;
    }
}
