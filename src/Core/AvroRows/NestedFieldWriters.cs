using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

/// <summary>Arrays as one block, as Java's encoder writes them: the number of items, the items, 0.</summary>
internal sealed class ListWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    private readonly AvroFieldWriter _items = AvroFieldWriters.Create(type.Items!, data.Children[0], $"{column}.{AvroToArrow.ElementName}");

    protected override void WriteValue(AvroOutput output, int row)
    {
        var (start, length) = ArrayValue.Range(Data, row);
        if (length > 0)
        {
            output.WriteLong(length);
            for (int i = start; i < start + length; i++)
            {
                _items.Write(output, i);
            }
        }

        output.WriteLong(0);
    }
}

internal sealed class MapWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    private readonly AvroFieldWriter _keys = AvroFieldWriters.Create(new AvroType(AvroKind.String), data.Children[0].Children[0], $"{column}.key");
    private readonly AvroFieldWriter _values = AvroFieldWriters.Create(type.Items!, data.Children[0].Children[1], $"{column}.value");
    private readonly int _offset = data.Children[0].Offset;

    protected override void WriteValue(AvroOutput output, int row)
    {
        var (start, length) = ArrayValue.Range(Data, row);
        if (length > 0)
        {
            output.WriteLong(length);
            for (int i = start + _offset; i < start + _offset + length; i++)
            {
                _keys.Write(output, i);
                _values.Write(output, i);
            }
        }

        output.WriteLong(0);
    }
}

internal sealed class RecordWriter(AvroType type, ArrayData data, string column) : AvroFieldWriter(type, data, column)
{
    private readonly AvroFieldWriter[] _fields = [.. type.Fields.Select((f, i) => AvroFieldWriters.Create(f.Type, data.Children[i], $"{column}.{f.Name}"))];
    private readonly int _offset = data.Offset;

    protected override void WriteValue(AvroOutput output, int row)
    {
        foreach (var field in _fields)
        {
            field.Write(output, row + _offset);
        }
    }
}
