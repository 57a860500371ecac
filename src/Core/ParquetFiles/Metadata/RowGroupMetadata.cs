namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>parquet.thrift: RowGroup.</summary>
internal sealed class RowGroupMetadata
{
    private UnknownFields _unknown;

    /// <summary>One for each leaf of the schema, in its order.</summary>
    public List<ColumnChunkMetadata> Columns { get; init; } = [];

    /// <summary>Uncompressed bytes of all columns.</summary>
    public long TotalByteSize { get; set; }

    public long NumRows { get; set; }

    public List<SortingColumn>? SortingColumns { get; set; }

    public long? FileOffset { get; set; }

    public long? TotalCompressedSize { get; set; }

    public int? Ordinal { get; set; }

    public static RowGroupMetadata Read(ref ThriftReader reader)
    {
        var read = new RowGroupMetadata();
        int seen = 0;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            seen |= id is > 0 and < 4 ? 1 << id : 0;
            switch (id)
            {
                case 1:
                    int columns = reader.ReadStructList(type);
                    for (int i = 0; i < columns; i++)
                    {
                        read.Columns.Add(ColumnChunkMetadata.Read(ref reader));
                    }

                    break;
                case 2:
                    read.TotalByteSize = reader.ReadI64(type);
                    break;
                case 3:
                    read.NumRows = reader.ReadI64(type);
                    break;
                case 4:
                    int sorting = reader.ReadStructList(type);
                    read.SortingColumns = [];
                    for (int i = 0; i < sorting; i++)
                    {
                        read.SortingColumns.Add(SortingColumn.Read(ref reader));
                    }

                    break;
                case 5:
                    read.FileOffset = reader.ReadI64(type);
                    break;
                case 6:
                    read.TotalCompressedSize = reader.ReadI64(type);
                    break;
                case 7:
                    read.Ordinal = reader.ReadI32(type);
                    break;
                default:
                    read._unknown.Keep(ref reader, id, type);
                    break;
            }
        }

        reader.EndStruct(outer);
        if (seen != 0b1110)
        {
            throw reader.Corrupt("a row group lacks a required field");
        }

        return read;
    }

    public void Write(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.List(1, ThriftType.Struct, Columns.Count);
        foreach (var column in Columns)
        {
            column.Write(writer);
        }

        writer.I64(2, TotalByteSize);
        writer.I64(3, NumRows);
        if (SortingColumns is { } sorting)
        {
            writer.List(4, ThriftType.Struct, sorting.Count);
            foreach (var column in sorting)
            {
                column.Write(writer);
            }
        }

        writer.I64(5, FileOffset);
        writer.I64(6, TotalCompressedSize);
        writer.I16(7, Ordinal);
        _unknown.Write(writer);
        writer.EndStruct(outer);
    }
}
