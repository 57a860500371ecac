using System.Globalization;
using System.Text.Json;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>A short result with named columns (a timeline, a list of files): a table for people, JSON lines for programs. Values: text, numbers, booleans, null.</summary>
internal sealed class Listing(params string[] columns)
{
    private readonly List<object?[]> _rows = [];

    public void Add(params object?[] values) => _rows.Add(values);

    public async Task WriteAsync(CommandContext context, bool json, CancellationToken cancellationToken)
    {
        await using var stream = OutputStream.Open(context, null);
        if (!json)
        {
            await Tables.WriteAsync(stream, columns, [.. _rows.Select(r => r.Select(Plain).ToArray())], cancellationToken);
            return;
        }

        foreach (var row in _rows)
        {
            await using (var writer = new Utf8JsonWriter(stream, ValueWriters.JsonOptions))
            {
                writer.WriteStartObject();
                for (int i = 0; i < columns.Length; i++)
                {
                    writer.WritePropertyName(columns[i].Replace(' ', '_'));
                    Write(writer, row[i]);
                }

                writer.WriteEndObject();
            }

            stream.WriteByte((byte)'\n');
        }
    }

    private static string Plain(object? value) => value switch
    {
        null => string.Empty,
        bool b => b ? "yes" : "no",
        long or int => string.Format(CultureInfo.InvariantCulture, "{0:#,0}", value),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null: writer.WriteNullValue(); break;
            case bool b: writer.WriteBooleanValue(b); break;
            case int i: writer.WriteNumberValue(i); break;
            case long l: writer.WriteNumberValue(l); break;
            case double d: writer.WriteNumberValue(d); break;
            default: writer.WriteStringValue(value.ToString()); break;
        }
    }
}
