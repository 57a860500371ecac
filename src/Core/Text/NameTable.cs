using System.Text;
using System.Text.Json;

namespace OllaLab.Lakehouse.Text;

/// <summary>Finds a field by the name a JSON reader stands on, without making a string of it.</summary>
internal sealed class NameTable
{
    private readonly byte[][] _names;
    private readonly Dictionary<string, int> _byText;

    public NameTable(IEnumerable<string> names)
    {
        string[] list = [.. names];
        _names = [.. list.Select(Encoding.UTF8.GetBytes)];
        _byText = list.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i, StringComparer.Ordinal);
    }

    /// <summary>The field's place, or -1. <paramref name="expected"/>: the field tried first, since most inputs keep one order.</summary>
    public int Find(ref Utf8JsonReader reader, int expected)
    {
        if ((uint)expected < (uint)_names.Length && reader.ValueTextEquals(_names[expected]))
        {
            return expected;
        }

        Span<char> text = stackalloc char[256];
        if (reader.ValueSpan.Length > text.Length)
        {
            return _byText.GetValueOrDefault(reader.GetString()!, -1);
        }

        var length = reader.CopyString(text);
        return _byText.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..length], out var index) ? index : -1;
    }
}
