namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>Fields of a struct that this reader has no name for, kept as bytes and written again behind the known ones (Thrift allows any order).</summary>
internal struct UnknownFields
{
    private List<(short Id, ThriftType Type, ReadOnlyMemory<byte> Bytes)>? _fields;

    public void Keep(ref ThriftReader reader, short id, ThriftType type)
    {
        var bytes = reader.Skip(type);
        (_fields ??= []).Add((id, type, bytes));
    }

    public readonly void Write(ThriftWriter writer)
    {
        foreach (var (id, type, bytes) in _fields ?? [])
        {
            writer.Field(id, type);
            writer.Raw(bytes.Span);
        }
    }
}
