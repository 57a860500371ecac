using System.Buffers;
using System.Text.Json;

namespace OllaLab.Lakehouse.Text;

/// <summary>A column without parts. Says which JSON tokens it takes; the text of numbers and strings is parsed by <see cref="Append"/>.</summary>
internal abstract class ScalarColumn(string typeName, bool nullable, bool takesNumbers, bool takesStrings) : TextColumn(typeName, nullable)
{
    public override void AppendText(ReadOnlySpan<byte> text)
    {
        var outcome = Append(text);
        if (outcome != ParseOutcome.Done)
        {
            throw Refused(outcome, text);
        }
    }

    protected override void ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        ParseOutcome outcome;
        if (reader.TokenType == JsonTokenType.Number && takesNumbers)
        {
            outcome = Append(reader.ValueSpan);
        }
        else if (reader.TokenType == JsonTokenType.String && takesStrings)
        {
            outcome = reader.ValueIsEscaped ? AppendEscaped(ref reader) : AppendString(reader.ValueSpan);
        }
        else
        {
            throw WrongType(reader, line);
        }

        if (outcome == ParseOutcome.WrongType)
        {
            throw WrongType(reader, line);
        }

        if (outcome != ParseOutcome.Done)
        {
            throw Refused(outcome, reader.ValueSpan);
        }
    }

    /// <summary>Parses and appends a value.</summary>
    protected abstract ParseOutcome Append(ReadOnlySpan<byte> text);

    /// <summary>The same for what came as a JSON string.</summary>
    protected virtual ParseOutcome AppendString(ReadOnlySpan<byte> text) => Append(text);

    private ParseOutcome AppendEscaped(ref Utf8JsonReader reader)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return AppendString(scratch.AsSpan(0, reader.CopyString(scratch)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private TextValueException Refused(ParseOutcome outcome, ReadOnlySpan<byte> text) => outcome switch
    {
        ParseOutcome.OutOfRange => new($"{TextErrors.Shown(text)} is out of the range of {TypeName}"),
        ParseOutcome.TooManyDecimals => new($"{TextErrors.Shown(text)} has more digits after the point than {TypeName} holds", "Round the value, or give the column a larger scale"),
        _ => new($"expected {TypeName}, got {TextErrors.Shown(text)}"),
    };
}
