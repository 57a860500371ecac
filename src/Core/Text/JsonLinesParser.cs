using System.Text.Json;
using Apache.Arrow;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>Lines into rows: everything of the JSON lines reader but the pipe.</summary>
internal sealed class JsonLinesParser : ILineParser
{
    private readonly Schema _schema;
    private readonly JsonLinesOptions _options;
    private readonly ColumnBuilder[] _builders;
    private readonly RecordColumns _record;

    public JsonLinesParser(Schema schema, JsonLinesOptions options)
    {
        _schema = schema;
        _options = options;
        _builders = ColumnBuilders.Create(schema);
        _record = new RecordColumns(schema.FieldsList, _builders, options.Ignored);
    }

    public int Rows { get; private set; }

    public void Add(ReadOnlySpan<byte> line, long number)
    {
        if (line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = JsonLinesOptions.MaxDepth });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw new TextValueException($"expected one JSON object a line, got {TextErrors.Shown(line)}");
            }

            _record.Read(ref reader, line);
            reader.Read(); // throws when something follows the object
            Rows++;
        }
        catch (TextValueException e)
        {
            throw TextErrors.AtLine(_options.Source, number, _record.Path(), e.Message, e.Remedy, e);
        }
        catch (JsonException e)
        {
            var what = e.Message.IndexOf(" LineNumber", StringComparison.Ordinal) is > 0 and var end ? e.Message[..end].TrimEnd('.') : e.Message;
            throw TextErrors.AtLine(_options.Source, number, _record.Path(), $"broken JSON at byte {e.BytePositionInLine + 1}: {what}", null, e);
        }
        catch (InvalidOperationException e)
        {
            // Utf8JsonReader's answer to text that is not valid UTF-8 or has half a surrogate pair.
            throw TextErrors.AtLine(_options.Source, number, _record.Path(), $"broken text {TextErrors.Shown(reader.ValueSpan)}", null, e);
        }
    }

    public RecordBatch Take()
    {
        var batch = new RecordBatch(_schema, _builders.Select(b => b.Build()), Rows);
        Rows = 0;
        return batch;
    }
}
