using OllaLab.Lakehouse.Columns;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.AvroRows;

internal sealed class ListColumn(AvroType type, ListBuilder builder) : AvroColumn(type, builder)
{
    private readonly AvroColumn _items = AvroColumns.Create(type.Items!, builder.Elements);

    protected override void ReadValue(ref AvroInput input)
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

internal sealed class MapColumn : AvroColumn
{
    private readonly ListBuilder _builder;
    private readonly StructBuilder _entries;
    private readonly BytesBuilder _keys;
    private readonly AvroColumn _values;

    public MapColumn(AvroType type, ListBuilder builder)
        : base(type, builder)
    {
        _builder = builder;
        _entries = (StructBuilder)builder.Elements;
        _keys = (BytesBuilder)_entries.Fields[0];
        _values = AvroColumns.Create(type.Items!, _entries.Fields[1]);
    }

    protected override void ReadValue(ref AvroInput input)
    {
        for (int count = input.ReadBlockCount(); count > 0; count = input.ReadBlockCount())
        {
            for (; count > 0; count--)
            {
                _keys.Append(input.ReadBytes());
                _values.Read(ref input);
                _entries.Append();
            }
        }

        _builder.Append();
    }
}

internal sealed class RecordColumn(AvroType type, StructBuilder builder) : AvroColumn(type, builder)
{
    private readonly AvroColumn[] _fields = [.. type.Fields.Select((f, i) => AvroColumns.Create(f.Type, builder.Fields[i]))];

    protected override void ReadValue(ref AvroInput input)
    {
        foreach (var field in _fields)
        {
            field.Read(ref input);
        }

        builder.Append();
    }
}
