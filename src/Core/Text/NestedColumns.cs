using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>A column that has parts; as plain text it is written as JSON.</summary>
internal abstract class NestedColumn(string typeName, bool nullable) : TextColumn(typeName, nullable)
{
    public override void AppendText(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = JsonLinesOptions.MaxDepth });
        reader.Read();
        Read(ref reader, text);
        reader.Read(); // throws when something follows
    }
}

internal sealed class StructColumn(StructBuilder builder, StructType type, string typeName, bool nullable) : NestedColumn(typeName, nullable)
{
    private readonly RecordColumns _fields = new(type.Fields, builder.Fields);

    public override ColumnBuilder Builder => builder;

    public override string PathBelow() => _fields.Path() is { Length: > 0 } path ? "." + path : string.Empty;

    protected override void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw WrongType(reader, line);
        }

        _fields.Read(ref reader, line);
        builder.Append();
    }
}

internal sealed class ListColumn(ListBuilder builder, Field element, string typeName, bool nullable) : NestedColumn(typeName, nullable)
{
    private readonly TextColumn _elements = TextColumns.Create(element.DataType, element.IsNullable, builder.Elements);
    private int _current = -1;

    public override ColumnBuilder Builder => builder;

    public override string PathBelow() => _current < 0 ? string.Empty : $"[{_current}]{_elements.PathBelow()}";

    protected override void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw WrongType(reader, line);
        }

        for (_current = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; _current++)
        {
            _elements.Read(ref reader, line);
        }

        _current = -1;
        builder.Append();
    }
}
