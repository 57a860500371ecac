namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>The members of parquet.thrift's union LogicalType, by their field numbers there.</summary>
internal enum LogicalKind : short
{
    None = 0,
    String = 1,
    Map = 2,
    List = 3,
    Enum = 4,
    Decimal = 5,
    Date = 6,
    Time = 7,
    Timestamp = 8,
    Integer = 10,
    Unknown = 11,
    Json = 12,
    Bson = 13,
    Uuid = 14,
    Float16 = 15,
}

/// <summary>parquet.thrift: TimeUnit, by its field numbers.</summary>
internal enum ParquetTimeUnit : short
{
    Millis = 1,
    Micros = 2,
    Nanos = 3,
}

/// <summary>parquet.thrift: LogicalType. A member without a name here (a type younger than this reader) is kept as bytes.</summary>
internal sealed record LogicalType(LogicalKind Kind)
{
    public static readonly LogicalType String = new(LogicalKind.String);
    public static readonly LogicalType Enum = new(LogicalKind.Enum);

    public int Scale { get; init; }

    public int Precision { get; init; }

    public bool IsAdjustedToUtc { get; init; }

    public ParquetTimeUnit Unit { get; init; }

    public int BitWidth { get; init; }

    public bool IsSigned { get; init; }

    /// <summary>The bytes of a struct that is not understood, or null.</summary>
    public ReadOnlyMemory<byte>? Foreign { get; init; }

    public static LogicalType? Read(ref ThriftReader reader)
    {
        LogicalType? read = null;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            if (type != ThriftType.Struct)
            {
                reader.Skip(type);
                continue;
            }

            var kind = (LogicalKind)id;
            read = kind switch
            {
                LogicalKind.Decimal or LogicalKind.Time or LogicalKind.Timestamp or LogicalKind.Integer => ReadParameters(ref reader, kind),
                _ => new LogicalType(kind) { Foreign = reader.Skip(type) is { Length: > 1 } bytes ? bytes : (ReadOnlyMemory<byte>?)null },
            };
        }

        reader.EndStruct(outer);
        return read;
    }

    public void Write(ThriftWriter writer)
    {
        short union = writer.BeginStruct();
        writer.Field((short)Kind, ThriftType.Struct);
        if (Foreign is { } bytes)
        {
            writer.Raw(bytes.Span);
        }
        else
        {
            short inner = writer.BeginStruct();
            WriteParameters(writer);
            writer.EndStruct(inner);
        }

        writer.EndStruct(union);
    }

    private static LogicalType ReadParameters(ref ThriftReader reader, LogicalKind kind)
    {
        var read = new LogicalType(kind);
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            read = (kind, id) switch
            {
                (LogicalKind.Decimal, 1) => read with { Scale = reader.ReadI32(type) },
                (LogicalKind.Decimal, 2) => read with { Precision = reader.ReadI32(type) },
                (LogicalKind.Time or LogicalKind.Timestamp, 1) => read with { IsAdjustedToUtc = reader.ReadBool(type) },
                (LogicalKind.Time or LogicalKind.Timestamp, 2) => read with { Unit = ReadUnit(ref reader, type) },
                (LogicalKind.Integer, 1) => read with { BitWidth = reader.ReadI32(type) },
                (LogicalKind.Integer, 2) => read with { IsSigned = reader.ReadBool(type) },
                _ => Skip(ref reader, type, read),
            };
        }

        reader.EndStruct(outer);
        return read;
    }

    private static LogicalType Skip(ref ThriftReader reader, ThriftType type, LogicalType read)
    {
        reader.Skip(type);
        return read;
    }

    private static ParquetTimeUnit ReadUnit(ref ThriftReader reader, ThriftType type)
    {
        if (type != ThriftType.Struct)
        {
            throw reader.Corrupt("a time unit is no union");
        }

        ParquetTimeUnit unit = 0;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var member))
        {
            unit = (ParquetTimeUnit)id;
            reader.Skip(member);
        }

        reader.EndStruct(outer);
        return unit is >= ParquetTimeUnit.Millis and <= ParquetTimeUnit.Nanos ? unit : throw reader.Corrupt($"there is no time unit {(int)unit}");
    }

    private void WriteParameters(ThriftWriter writer)
    {
        switch (Kind)
        {
            case LogicalKind.Decimal:
                writer.I32(1, Scale);
                writer.I32(2, Precision);
                break;
            case LogicalKind.Time or LogicalKind.Timestamp:
                writer.Bool(1, IsAdjustedToUtc);
                writer.Field(2, ThriftType.Struct);
                short unit = writer.BeginStruct();
                writer.EmptyStruct((short)Unit);
                writer.EndStruct(unit);
                break;
            case LogicalKind.Integer:
                writer.I8(1, (sbyte)BitWidth);
                writer.Bool(2, IsSigned);
                break;
        }
    }
}
