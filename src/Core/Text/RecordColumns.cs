using System.Text.Json;
using Apache.Arrow;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>The fields of a row or of a struct, read from a JSON object.</summary>
internal sealed class RecordColumns
{
    private readonly string[] _names;
    private readonly NameTable _table;
    private readonly HashSet<string> _ignored;

    // The object in which a field was last seen: tells a field given twice, or not at all, without clearing anything between rows.
    private readonly long[] _seenIn;
    private long _object;
    private int _current = -1;

    public RecordColumns(IReadOnlyList<Field> fields, ColumnBuilder[] builders, IEnumerable<string>? ignored = null)
    {
        var twice = fields.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The schema has the column \"{twice.Key}\" twice");
        }

        _names = [.. fields.Select(f => f.Name)];
        _table = new NameTable(_names);
        _ignored = [.. ignored ?? []];
        _seenIn = new long[_names.Length];
        Columns = [.. fields.Select((f, i) => TextColumns.Create(f.DataType, f.IsNullable, builders[i]))];
    }

    public TextColumn[] Columns { get; }

    public int IndexOf(string name) => System.Array.IndexOf(_names, name);

    public bool IsIgnored(string name) => _ignored.Contains(name);

    /// <summary>Reads the object whose brace the reader stands on.</summary>
    public void Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> line)
    {
        _object++;
        _current = -1;
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = _table.Find(ref reader, _current + 1);
            if (index < 0)
            {
                SkipUnknown(ref reader);
                continue;
            }

            _current = index;
            if (_seenIn[index] == _object)
            {
                throw new TextValueException("the field is given twice in one object");
            }

            _seenIn[index] = _object;
            seen++;
            reader.Read();
            Columns[index].Read(ref reader, line);
        }

        for (int i = 0; seen < Columns.Length && i < Columns.Length; i++)
        {
            if (_seenIn[i] != _object)
            {
                _current = i;
                Columns[i].AppendNull("the field is missing");
                seen++;
            }
        }

        _current = -1;
    }

    /// <summary>The path of the field being read, or nothing.</summary>
    public string Path() => _current < 0 ? string.Empty : _names[_current] + Columns[_current].PathBelow();

    /// <summary>Says which field the next value is for, in error messages.</summary>
    public void Enter(int index) => _current = index;

    private void SkipUnknown(ref Utf8JsonReader reader)
    {
        var name = reader.GetString()!;
        if (!_ignored.Contains(name))
        {
            _current = -1;
            var close = _names.FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));
            throw new TextValueException(
                $"unknown field \"{TextErrors.Shown(System.Text.Encoding.UTF8.GetBytes(name))}\"",
                close is null ? "Remove the field, or add a column of that name to the table" : $"The column is called \"{close}\"");
        }

        reader.Skip();
    }
}
