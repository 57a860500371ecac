using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Text;

/// <summary>Writes Arrow batches as CSV with a header, lines ending in LF: nulls are empty, an empty text is <c>""</c>, lists, maps and structs are JSON. Disposing flushes; the stream stays open.</summary>
internal sealed class CsvWriter : IAsyncDisposable
{
    private const int FlushBytes = 64 << 10;

    private readonly PipeWriter _pipe;
    private readonly ValueWriter[] _columns;
    private readonly byte[][] _names;
    private readonly byte _delimiter;
    private readonly SearchValues<byte> _special;
    private bool _headerWritten;

    public CsvWriter(Stream stream, Schema schema, CsvOptions? options = null)
        : this(PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: FlushBytes, leaveOpen: true)), schema, options)
    {
    }

    public CsvWriter(PipeWriter pipe, Schema schema, CsvOptions? options = null)
    {
        _pipe = pipe;
        _delimiter = (options ?? CsvOptions.Default).DelimiterByte;
        _special = SearchValues.Create([_delimiter, (byte)'"', (byte)'\n', (byte)'\r']);
        _columns = [.. schema.FieldsList.Select(f => ValueWriters.Create(f.DataType))];
        _names = [.. schema.FieldsList.Select(f => Encoding.UTF8.GetBytes(f.Name))];
    }

    /// <summary>Writes one record for each row. The batch stays the caller's.</summary>
    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        WriteHeader();
        for (int i = 0; i < _columns.Length; i++)
        {
            _columns[i].Bind(batch.Column(i));
        }

        for (int row = 0; row < batch.Length;)
        {
            row = WriteRows(batch.Length, row);
            await _pipe.FlushAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        WriteHeader();
        await _pipe.CompleteAsync();
    }

    private void WriteHeader()
    {
        if (_headerWritten)
        {
            return;
        }

        _headerWritten = true;
        for (int i = 0; i < _names.Length; i++)
        {
            WriteField(_names[i], i);
        }

        _pipe.Write("\n"u8);
    }

    private int WriteRows(int length, int row)
    {
        for (; row < length && _pipe.UnflushedBytes < FlushBytes; row++)
        {
            for (int i = 0; i < _columns.Length; i++)
            {
                if (!_columns[i].IsNull(row))
                {
                    WriteField(_columns[i].Text(row), i);
                }
                else if (i > 0)
                {
                    WriteDelimiter();
                }
            }

            _pipe.Write("\n"u8);
        }

        return row;
    }

    private void WriteDelimiter()
    {
        _pipe.GetSpan(1)[0] = _delimiter;
        _pipe.Advance(1);
    }

    private void WriteField(ReadOnlySpan<byte> text, int column)
    {
        if (column > 0)
        {
            WriteDelimiter();
        }

        if (!text.IsEmpty && !text.ContainsAny(_special))
        {
            _pipe.Write(text);
            return;
        }

        _pipe.Write("\""u8);
        for (int quote; (quote = text.IndexOf((byte)'"')) >= 0; text = text[(quote + 1)..])
        {
            _pipe.Write(text[..(quote + 1)]);
            _pipe.Write("\""u8);
        }

        _pipe.Write(text);
        _pipe.Write("\""u8);
    }
}
