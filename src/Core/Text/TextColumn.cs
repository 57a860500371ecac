using System.Text.Json;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>One column (or nested field) being read from text: takes values in their JSON or plain form into a <see cref="ColumnBuilder"/>.</summary>
internal abstract class TextColumn(string typeName, bool nullable)
{
    public abstract ColumnBuilder Builder { get; }

    protected string TypeName { get; } = typeName;

    /// <summary>Takes the JSON value that the reader stands on; afterwards it stands on the value's last token.</summary>
    public void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            AppendNull("null");
        }
        else
        {
            ReadValue(ref reader, line);
        }
    }

    /// <summary>A null, or a field that was not given.</summary>
    public void AppendNull(string given)
    {
        if (!nullable)
        {
            throw new TextValueException(given == "null" ? $"null in a column that must have a value ({TypeName})" : $"{given}, but the column must have a value ({TypeName})");
        }

        Builder.AppendNull();
    }

    /// <summary>Takes a value as plain text, as CSV has it; nested types as JSON.</summary>
    public abstract void AppendText(ReadOnlySpan<byte> text);

    /// <summary>The path of the nested field being read, for error messages: <c>.a[3]</c>.</summary>
    public virtual string PathBelow() => string.Empty;

    protected abstract void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line);

    protected TextValueException WrongType(in Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        var at = (int)reader.TokenStartIndex;
        var value = reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? line[at..] : line[at..(int)reader.BytesConsumed];
        return new TextValueException($"expected {TypeName}, got {TextErrors.Shown(value)}");
    }
}
