namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>parquet.thrift: PageHeader, with what is needed of the headers for its kinds.</summary>
internal readonly record struct PageHeader
{
    public required ParquetPageType Type { get; init; }

    public required int UncompressedSize { get; init; }

    public required int CompressedSize { get; init; }

    public int NumValues { get; init; }

    public ParquetEncoding Encoding { get; init; }

    /// <summary>Bytes of the header itself; 0 for one to be written.</summary>
    public int Length { get; init; }

    public static PageHeader Read(ReadOnlyMemory<byte> bytes, string? path)
    {
        var reader = new ThriftReader(bytes, path);
        int page = -1, uncompressed = -1, compressed = -1, values = 0, encoding = 0;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            switch (id)
            {
                case 1:
                    page = reader.ReadI32(type);
                    break;
                case 2:
                    uncompressed = reader.ReadI32(type);
                    break;
                case 3:
                    compressed = reader.ReadI32(type);
                    break;
                case 5 or 7 or 8 when type == ThriftType.Struct:
                    short inner = reader.BeginStruct();
                    while (reader.NextField(out short field, out var fieldType))
                    {
                        if (field == 1)
                        {
                            values = reader.ReadI32(fieldType);
                        }
                        else if (field == (id == 8 ? 4 : 2))
                        {
                            encoding = reader.ReadI32(fieldType);
                        }
                        else
                        {
                            reader.Skip(fieldType);
                        }
                    }

                    reader.EndStruct(inner);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        if (page is < 0 or > 3 || uncompressed < 0 || compressed < 0 || values < 0)
        {
            throw reader.Corrupt("a page header lacks its type or sizes");
        }

        return new PageHeader
        {
            Type = (ParquetPageType)page,
            UncompressedSize = uncompressed,
            CompressedSize = compressed,
            NumValues = values,
            Encoding = (ParquetEncoding)encoding,
            Length = reader.Position,
        };
    }

    /// <summary>Writes the header of a dictionary page or of a data page of version 1.</summary>
    public void Write(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.I32(1, (int)Type);
        writer.I32(2, UncompressedSize);
        writer.I32(3, CompressedSize);
        writer.Field((short)(Type == ParquetPageType.Dictionary ? 7 : 5), ThriftType.Struct);
        short inner = writer.BeginStruct();
        writer.I32(1, NumValues);
        writer.I32(2, (int)Encoding);
        if (Type == ParquetPageType.Data)
        {
            writer.I32(3, (int)ParquetEncoding.Rle);
            writer.I32(4, (int)ParquetEncoding.Rle);
        }

        writer.EndStruct(inner);
        writer.EndStruct(outer);
    }
}
