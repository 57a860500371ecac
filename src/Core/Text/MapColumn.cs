using System.Text;
using System.Text.Json;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>A map as a JSON object. A key given twice is refused: readers differ in which of the two they keep.</summary>
internal sealed class MapColumn : NestedColumn
{
    private readonly ListBuilder _builder;
    private readonly StructBuilder _entries;
    private readonly TextColumn _keys;
    private readonly TextColumn _values;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string? _current;

    public MapColumn(ListBuilder builder, MapType type, string typeName, bool nullable)
        : base(typeName, nullable)
    {
        _builder = builder;
        _entries = (StructBuilder)builder.Elements;
        _keys = TextColumns.Create(type.KeyField.DataType, false, _entries.Fields[0]);
        _values = TextColumns.Create(type.ValueField.DataType, type.ValueField.IsNullable, _entries.Fields[1]);
    }

    public override ColumnBuilder Builder => _builder;

    public override string PathBelow() => _current is null ? string.Empty : $"[\"{TextErrors.Shown(Encoding.UTF8.GetBytes(_current))}\"]{_values.PathBelow()}";

    protected override void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw WrongType(reader, line);
        }

        _seen.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            _current = reader.GetString()!;
            if (!_seen.Add(_current))
            {
                throw new TextValueException("the key is given twice in one map");
            }

            _keys.AppendText(Encoding.UTF8.GetBytes(_current));
            reader.Read();
            _values.Read(ref reader, line);
            _entries.Append();
        }

        _current = null;
        _builder.Append();
    }
}
