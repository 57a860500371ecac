using System.Text;
using System.Text.Json;
using Apache.Arrow;
using OllaLab.Lakehouse.Columns;

namespace OllaLab.Lakehouse.Text;

/// <summary>CSV records into rows: everything of the CSV reader but the pipe.</summary>
internal sealed class CsvParser : ILineParser
{
    private const int Ignored = -1;

    private readonly Schema _schema;
    private readonly CsvOptions _options;
    private readonly byte _delimiter;
    private readonly ColumnBuilder[] _builders;
    private readonly RecordColumns _record;
    private readonly List<int> _missing = [];
    private int[]? _columns;
    private byte[] _scratch = new byte[4096];

    public CsvParser(Schema schema, CsvOptions options)
    {
        _schema = schema;
        _options = options;
        _delimiter = options.DelimiterByte;
        _builders = ColumnBuilders.Create(schema);
        _record = new RecordColumns(schema.FieldsList, _builders, options.Ignored);
    }

    public int Rows { get; private set; }

    public void Add(ReadOnlySpan<byte> line, long number)
    {
        // An empty line is no record, except where it is the null of the only column.
        if (line.IsEmpty && (_columns is null || _columns.Length != 1))
        {
            return;
        }

        if (_scratch.Length < line.Length)
        {
            _scratch = new byte[line.Length * 2];
        }

        try
        {
            var fields = new CsvFields(line, _delimiter, _scratch);
            if (_columns is null)
            {
                ReadHeader(ref fields);
            }
            else
            {
                ReadRecord(ref fields, _columns);
            }
        }
        catch (TextValueException e)
        {
            throw TextErrors.AtLine(_options.Source, number, _record.Path(), e.Message, e.Remedy, e);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw TextErrors.AtLine(_options.Source, number, _record.Path(), "broken JSON in the field", null, e);
        }
    }

    public RecordBatch Take()
    {
        var batch = new RecordBatch(_schema, _builders.Select(b => b.Build()), Rows);
        Rows = 0;
        return batch;
    }

    private void ReadHeader(ref CsvFields fields)
    {
        var columns = new List<int>();
        while (fields.Next())
        {
            var name = Encoding.UTF8.GetString(fields.Value);
            var index = _record.IndexOf(name);
            if (index < 0 && !_record.IsIgnored(name))
            {
                throw new TextValueException($"unknown column \"{TextErrors.Shown(fields.Value)}\" in the header", "Remove the column, or add one of that name to the table");
            }

            if (index >= 0 && columns.Contains(index))
            {
                throw new TextValueException($"the column \"{name}\" stands twice in the header");
            }

            columns.Add(index < 0 ? Ignored : index);
        }

        _columns = [.. columns];
        _missing.AddRange(Enumerable.Range(0, _record.Columns.Length).Except(columns));
    }

    private void ReadRecord(ref CsvFields fields, int[] columns)
    {
        var count = 0;
        for (; fields.Next(); count++)
        {
            var index = count < columns.Length ? columns[count] : Ignored;
            if (index == Ignored)
            {
                continue;
            }

            _record.Enter(index);
            if (fields.Value.IsEmpty && !fields.Quoted)
            {
                _record.Columns[index].AppendNull("null");
            }
            else
            {
                _record.Columns[index].AppendText(fields.Value);
            }

            _record.Enter(-1);
        }

        if (count != columns.Length)
        {
            throw new TextValueException($"{count} fields where the header has {columns.Length}");
        }

        foreach (var index in _missing)
        {
            _record.Enter(index);
            _record.Columns[index].AppendNull("the column is missing in the header");
        }

        _record.Enter(-1);
        Rows++;
    }
}
