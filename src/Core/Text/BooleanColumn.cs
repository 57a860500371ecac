using System.Text;
using System.Text.Json;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>Booleans: JSON's own, or <c>true</c> and <c>false</c> in any case as plain text.</summary>
internal sealed class BooleanColumn(BooleanBuilder builder, bool nullable) : TextColumn("boolean", nullable)
{
    public override ColumnBuilder Builder => builder;

    public override void AppendText(ReadOnlySpan<byte> text)
    {
        if (Ascii.EqualsIgnoreCase(text, "true"u8))
        {
            builder.Append(true);
        }
        else if (Ascii.EqualsIgnoreCase(text, "false"u8))
        {
            builder.Append(false);
        }
        else
        {
            throw new TextValueException($"expected {TypeName}, got {TextErrors.Shown(text)}");
        }
    }

    protected override void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            throw WrongType(reader, line);
        }

        builder.Append(reader.TokenType == JsonTokenType.True);
    }
}
