namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>parquet.thrift: SchemaElement, one node of the schema tree, which the footer holds depth first.</summary>
internal sealed class SchemaElement
{
    private UnknownFields _unknown;

    public required string Name { get; set; }

    /// <summary>Null for a group.</summary>
    public ParquetType? Type { get; set; }

    /// <summary>Bytes of a <see cref="ParquetType.FixedLenByteArray"/>.</summary>
    public int? TypeLength { get; set; }

    /// <summary>Null for the root.</summary>
    public ParquetRepetition? Repetition { get; set; }

    public int? NumChildren { get; set; }

    public ConvertedType? ConvertedType { get; set; }

    public int? Scale { get; set; }

    public int? Precision { get; set; }

    public int? FieldId { get; set; }

    public LogicalType? LogicalType { get; set; }

    public static SchemaElement Read(ref ThriftReader reader)
    {
        var read = new SchemaElement { Name = null! };
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            switch (id)
            {
                case 1:
                    read.Type = (ParquetType)reader.ReadI32(type);
                    break;
                case 2:
                    read.TypeLength = reader.ReadI32(type);
                    break;
                case 3:
                    read.Repetition = (ParquetRepetition)reader.ReadI32(type);
                    break;
                case 4:
                    read.Name = reader.ReadString(type);
                    break;
                case 5:
                    read.NumChildren = reader.ReadI32(type);
                    break;
                case 6:
                    read.ConvertedType = (ConvertedType)reader.ReadI32(type);
                    break;
                case 7:
                    read.Scale = reader.ReadI32(type);
                    break;
                case 8:
                    read.Precision = reader.ReadI32(type);
                    break;
                case 9:
                    read.FieldId = reader.ReadI32(type);
                    break;
                case 10 when type == ThriftType.Struct:
                    read.LogicalType = LogicalType.Read(ref reader);
                    break;
                default:
                    read._unknown.Keep(ref reader, id, type);
                    break;
            }
        }

        reader.EndStruct(outer);
        if (read.Name is null || read.Type is < 0 or > ParquetType.FixedLenByteArray || read.Repetition is < 0 or > ParquetRepetition.Repeated)
        {
            throw reader.Corrupt("a schema element has no name, or a type or repetition that does not exist");
        }

        return read;
    }

    public void Write(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.I32(1, (int?)Type);
        writer.I32(2, TypeLength);
        writer.I32(3, (int?)Repetition);
        writer.Text(4, Name);
        writer.I32(5, NumChildren);
        writer.I32(6, (int?)ConvertedType);
        writer.I32(7, Scale);
        writer.I32(8, Precision);
        writer.I32(9, FieldId);
        if (LogicalType is { } logical)
        {
            writer.Field(10, ThriftType.Struct);
            logical.Write(writer);
        }

        _unknown.Write(writer);
        writer.EndStruct(outer);
    }
}
