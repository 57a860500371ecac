using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Text;

namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>A table for people. Holds its rows until the end, so it shows only so many.</summary>
internal sealed class TableSink : IRowSink
{
    /// <summary>Shown where no limit is given.</summary>
    public const int DefaultRows = 100;

    private const int CellCharacters = 200;

    private readonly Stream _stream;
    private readonly Schema _schema;
    private readonly long _shown;
    private readonly TextWriter _messages;
    private readonly ValueWriter[] _columns;
    private readonly List<string[]> _rows = [];
    private bool _cut;

    /// <param name="limit">Rows to show; more than these are mentioned in <paramref name="messages"/>.</param>
    public TableSink(Stream stream, Schema schema, long limit, TextWriter messages)
    {
        _stream = stream;
        _schema = schema;
        _shown = limit;
        _messages = messages;
        _columns = [.. schema.FieldsList.Select(f => ValueWriters.Create(f.DataType))];
    }

    public ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
    {
        for (int i = 0; i < _columns.Length; i++)
        {
            _columns[i].Bind(batch.Column(i));
        }

        for (int row = 0; row < batch.Length; row++)
        {
            if (_rows.Count >= _shown)
            {
                _cut = true;
                break;
            }

            _rows.Add([.. _columns.Select(c => c.IsNull(row) ? "NULL" : Cell(Encoding.UTF8.GetString(c.Text(row))))]);
        }

        return ValueTask.CompletedTask;
    }

    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await Tables.WriteAsync(_stream, [.. _schema.FieldsList.Select(f => f.Name)], _rows, cancellationToken);
        if (_cut)
        {
            await _messages.WriteLineAsync($"The first {_shown} rows are shown; --limit, or another --format, gives more.");
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Cell(string text)
    {
        var line = text.ReplaceLineEndings("⏎").Replace('\t', ' ');
        return line.Length > CellCharacters ? line[..(CellCharacters - 1)] + "…" : line;
    }
}
