namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>parquet.thrift: PageEncodingStats, how many pages of a kind have an encoding.</summary>
internal readonly record struct PageEncodingStats(ParquetPageType PageType, ParquetEncoding Encoding, int Count)
{
    public static PageEncodingStats Read(ref ThriftReader reader)
    {
        int pageType = 0, encoding = 0, count = 0;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            switch (id)
            {
                case 1:
                    pageType = reader.ReadI32(type);
                    break;
                case 2:
                    encoding = reader.ReadI32(type);
                    break;
                case 3:
                    count = reader.ReadI32(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return new PageEncodingStats((ParquetPageType)pageType, (ParquetEncoding)encoding, count);
    }

    public void Write(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.I32(1, (int)PageType);
        writer.I32(2, (int)Encoding);
        writer.I32(3, Count);
        writer.EndStruct(outer);
    }
}
