namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>parquet.thrift: Statistics. Values are PLAIN-encoded without length.</summary>
internal sealed class ColumnStatistics
{
    private UnknownFields _unknown;

    /// <summary>The older form, whose order is that of signed bytes for texts: not to be used for those.</summary>
    public ReadOnlyMemory<byte>? LegacyMax { get; set; }

    /// <inheritdoc cref="LegacyMax"/>
    public ReadOnlyMemory<byte>? LegacyMin { get; set; }

    public long? NullCount { get; set; }

    public long? DistinctCount { get; set; }

    public ReadOnlyMemory<byte>? MaxValue { get; set; }

    public ReadOnlyMemory<byte>? MinValue { get; set; }

    /// <summary>Whether the greatest value is a value of the column and no mere bound; null where the writer did not say.</summary>
    public bool? IsMaxValueExact { get; set; }

    /// <inheritdoc cref="IsMaxValueExact"/>
    public bool? IsMinValueExact { get; set; }

    public static ColumnStatistics Read(ref ThriftReader reader)
    {
        var read = new ColumnStatistics();
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            switch (id)
            {
                case 1:
                    read.LegacyMax = reader.ReadBinary(type);
                    break;
                case 2:
                    read.LegacyMin = reader.ReadBinary(type);
                    break;
                case 3:
                    read.NullCount = reader.ReadI64(type);
                    break;
                case 4:
                    read.DistinctCount = reader.ReadI64(type);
                    break;
                case 5:
                    read.MaxValue = reader.ReadBinary(type);
                    break;
                case 6:
                    read.MinValue = reader.ReadBinary(type);
                    break;
                case 7:
                    read.IsMaxValueExact = reader.ReadBool(type);
                    break;
                case 8:
                    read.IsMinValueExact = reader.ReadBool(type);
                    break;
                default:
                    read._unknown.Keep(ref reader, id, type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return read;
    }

    public void Write(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.Binary(1, LegacyMax);
        writer.Binary(2, LegacyMin);
        writer.I64(3, NullCount);
        writer.I64(4, DistinctCount);
        writer.Binary(5, MaxValue);
        writer.Binary(6, MinValue);
        writer.Bool(7, IsMaxValueExact);
        writer.Bool(8, IsMinValueExact);
        _unknown.Write(writer);
        writer.EndStruct(outer);
    }
}
