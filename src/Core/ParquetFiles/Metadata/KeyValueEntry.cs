using System.Text;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>parquet.thrift: KeyValue. Bytes, not strings: a Hudi base file carries a bloom filter of 431 kB here, which most readers of a footer never look at.</summary>
internal readonly record struct KeyValueEntry(ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value)
{
    public KeyValueEntry(string key, string? value)
        : this(Encoding.UTF8.GetBytes(key), value is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(value))
    {
    }

    public static KeyValueEntry Read(ref ThriftReader reader)
    {
        ReadOnlyMemory<byte>? key = null;
        ReadOnlyMemory<byte>? value = null;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            switch (id)
            {
                case 1:
                    key = reader.ReadBinary(type);
                    break;
                case 2:
                    value = reader.ReadBinary(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return new KeyValueEntry(key ?? throw reader.Corrupt("a key/value has no key"), value);
    }

    public void Write(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.Binary(1, Key);
        writer.Binary(2, Value);
        writer.EndStruct(outer);
    }
}
