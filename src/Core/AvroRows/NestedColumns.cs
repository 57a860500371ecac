using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

internal readonly struct ListValue(AvroType type, ListBuilder builder) : IAvroValue
{
    private readonly AvroStep _items = AvroColumns.Create(type.Items!, builder.Elements);

    public void Read(ref AvroInput input)
    {
        for (int count = input.ReadBlockCount(); count > 0; count = input.ReadBlockCount())
        {
            for (; count > 0; count--)
            {
                _items.Read(ref input);
            }
        }

        builder.Append();
    }
}

internal readonly struct MapValue : IAvroValue
{
    private readonly ListBuilder _builder;
    private readonly StructBuilder _entries;
    private readonly BytesBuilder _keys;
    private readonly AvroStep _values;

    public MapValue(AvroType type, ListBuilder builder)
    {
        _builder = builder;
        _entries = (StructBuilder)builder.Elements;
        _keys = (BytesBuilder)_entries.Fields[0];
        _values = AvroColumns.Create(type.Items!, _entries.Fields[1]);
    }

    public void Read(ref AvroInput input)
    {
        for (int count = input.ReadBlockCount(); count > 0; count = input.ReadBlockCount())
        {
            for (; count > 0; count--)
            {
                input.ReadBytes(_keys);
                _values.Read(ref input);
                _entries.Append();
            }
        }

        _builder.Append();
    }
}

internal readonly struct RecordValue : IAvroValue
{
    private readonly StructBuilder _builder;
    private readonly AvroStep[] _fields;

    public RecordValue(AvroType type, StructBuilder builder)
    {
        _builder = builder;
        _fields = [.. type.Fields.Select((f, i) => AvroColumns.Create(f.Type, builder.Fields[i]))];
    }

    public void Read(ref AvroInput input)
    {
        foreach (var field in _fields)
        {
            field.Read(ref input);
        }

        _builder.Append();
    }
}
