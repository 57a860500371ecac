namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>parquet.thrift: SortingColumn.</summary>
internal readonly record struct SortingColumn(int ColumnIndex, bool Descending, bool NullsFirst)
{
    public static SortingColumn Read(ref ThriftReader reader)
    {
        int column = 0;
        bool descending = false, nullsFirst = false;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            switch (id)
            {
                case 1:
                    column = reader.ReadI32(type);
                    break;
                case 2:
                    descending = reader.ReadBool(type);
                    break;
                case 3:
                    nullsFirst = reader.ReadBool(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return new SortingColumn(column, descending, nullsFirst);
    }

    public void Write(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.I32(1, ColumnIndex);
        writer.Bool(2, Descending);
        writer.Bool(3, NullsFirst);
        writer.EndStruct(outer);
    }
}
