using System.Text;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// The footer of a Parquet file (parquet.thrift: FileMetaData), as our own Thrift compact reader decodes it. What is not understood is kept and written again.
/// Binary values are slices of the bytes read.
/// </summary>
internal sealed partial class ParquetFooter
{
    private UnknownFields _unknown;
    private SchemaNode? _root;

    public int Version { get; set; } = 1;

    /// <summary>The schema, depth first, the root first.</summary>
    public List<SchemaElement> Schema { get; init; } = [];

    public long NumRows { get; set; }

    public List<RowGroupMetadata> RowGroups { get; init; } = [];

    public List<KeyValueEntry> KeyValues { get; init; } = [];

    public string? CreatedBy { get; set; }

    /// <summary>One for each leaf where the writer said how its statistics are ordered; null where it did not. True stands for TYPE_ORDER, the only order there is.</summary>
    public List<bool>? ColumnOrders { get; set; }

    /// <summary>The schema as a tree, with levels. Made from <see cref="Schema"/> when first asked for.</summary>
    public SchemaNode Root => _root ??= SchemaNode.Build(Schema, Path);

    /// <summary>The file it was read from, for messages.</summary>
    public string? Path { get; private set; }

    /// <summary>The same row groups under a footer without key/values.</summary>
    public ParquetFooter WithoutKeyValues() =>
        new() { Version = Version, Schema = Schema, NumRows = NumRows, RowGroups = RowGroups, CreatedBy = CreatedBy, ColumnOrders = ColumnOrders, _unknown = _unknown, Path = Path };

    /// <summary>Finds a key/value's bytes, without making a string of either.</summary>
    public bool TryGetKeyValue(string key, out ReadOnlyMemory<byte> value)
    {
        Span<byte> utf8 = stackalloc byte[256];
        var wanted = Encoding.UTF8.TryGetBytes(key, utf8, out int length) ? utf8[..length] : Encoding.UTF8.GetBytes(key);
        foreach (var entry in KeyValues)
        {
            if (entry.Key.Span.SequenceEqual(wanted))
            {
                value = entry.Value ?? default;
                return entry.Value is not null;
            }
        }

        value = default;
        return false;
    }

    /// <summary>A key/value as text, or null.</summary>
    public string? GetKeyValue(string key) => TryGetKeyValue(key, out var value) ? Encoding.UTF8.GetString(value.Span) : null;

    /// <summary>Sets or replaces a key/value.</summary>
    public void SetKeyValue(string key, ReadOnlyMemory<byte> value)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(key);
        KeyValues.RemoveAll(entry => entry.Key.Span.SequenceEqual(utf8));
        KeyValues.Add(new KeyValueEntry(utf8, value));
    }

    /// <inheritdoc cref="SetKeyValue(string, ReadOnlyMemory{byte})"/>
    public void SetKeyValue(string key, string value) => SetKeyValue(key, Encoding.UTF8.GetBytes(value));

    /// <summary>The position in the file of a row group's first row.</summary>
    public long FirstRowOf(int rowGroup)
    {
        long first = 0;
        for (int i = 0; i < rowGroup; i++)
        {
            first += RowGroups[i].NumRows;
        }

        return first;
    }

    private static ParquetFooter ReadStruct(ref ThriftReader reader)
    {
        var read = new ParquetFooter { Path = reader.Path };
        int seen = 0;
        short outer = reader.BeginStruct();
        while (reader.NextField(out short id, out var type))
        {
            seen |= id is > 0 and < 5 ? 1 << id : 0;
            switch (id)
            {
                case 1:
                    read.Version = reader.ReadI32(type);
                    break;
                case 2:
                    int elements = reader.ReadStructList(type);
                    for (int i = 0; i < elements; i++)
                    {
                        read.Schema.Add(SchemaElement.Read(ref reader));
                    }

                    break;
                case 3:
                    read.NumRows = reader.ReadI64(type);
                    break;
                case 4:
                    int groups = reader.ReadStructList(type);
                    for (int i = 0; i < groups; i++)
                    {
                        read.RowGroups.Add(RowGroupMetadata.Read(ref reader));
                    }

                    break;
                case 5:
                    read.KeyValues.AddRange(ColumnChunkMetadata.ReadKeyValues(ref reader, type));
                    break;
                case 6:
                    read.CreatedBy = reader.ReadString(type);
                    break;
                case 7:
                    read.ColumnOrders = ReadColumnOrders(ref reader, type);
                    break;
                default:
                    read._unknown.Keep(ref reader, id, type);
                    break;
            }
        }

        reader.EndStruct(outer);
        return seen == 0b11110 ? read : throw reader.Corrupt("the footer lacks a required field");
    }

    private void WriteStruct(ThriftWriter writer)
    {
        short outer = writer.BeginStruct();
        writer.I32(1, Version);
        writer.List(2, ThriftType.Struct, Schema.Count);
        foreach (var element in Schema)
        {
            element.Write(writer);
        }

        writer.I64(3, NumRows);
        writer.List(4, ThriftType.Struct, RowGroups.Count);
        foreach (var group in RowGroups)
        {
            group.Write(writer);
        }

        ColumnChunkMetadata.WriteKeyValues(writer, 5, KeyValues.Count == 0 ? null : KeyValues);
        writer.Text(6, CreatedBy);
        if (ColumnOrders is { } orders)
        {
            writer.List(7, ThriftType.Struct, orders.Count);
            foreach (bool typeOrder in orders)
            {
                short order = writer.BeginStruct();
                if (typeOrder)
                {
                    writer.EmptyStruct(1);
                }

                writer.EndStruct(order);
            }
        }

        _unknown.Write(writer);
        writer.EndStruct(outer);
    }

    private static List<bool> ReadColumnOrders(ref ThriftReader reader, ThriftType type)
    {
        int count = reader.ReadStructList(type);
        var orders = new List<bool>(Math.Min(count, 64));
        for (int i = 0; i < count; i++)
        {
            bool typeOrder = false;
            short outer = reader.BeginStruct();
            while (reader.NextField(out short id, out var member))
            {
                typeOrder |= id == 1;
                reader.Skip(member);
            }

            reader.EndStruct(outer);
            orders.Add(typeOrder);
        }

        return orders;
    }
}
