using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Text;

/// <summary>
/// Writes Arrow batches as JSON lines: keys in the schema's order, nulls explicit, timestamps <c>2024-01-02T03:04:05.000000Z</c>, dates ISO, binary base64, decimals exact.
/// Disposing flushes; the stream stays open.
/// </summary>
internal sealed class JsonLinesWriter : IAsyncDisposable
{
    private const int FlushBytes = 64 << 10;

    private readonly PipeWriter _pipe;
    private readonly Utf8JsonWriter _json;
    private readonly ValueWriter[] _columns;
    private readonly JsonEncodedText[] _names;

    public JsonLinesWriter(Stream stream, Schema schema)
        : this(PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: FlushBytes, leaveOpen: true)), schema)
    {
    }

    public JsonLinesWriter(PipeWriter pipe, Schema schema)
    {
        _pipe = pipe;
        _columns = [.. schema.FieldsList.Select(f => ValueWriters.Create(f.DataType))];
        _names = [.. schema.FieldsList.Select(f => JsonEncodedText.Encode(f.Name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping))];
        _json = new Utf8JsonWriter(pipe, ValueWriters.JsonOptions);
    }

    /// <summary>Writes one line for each row. The batch stays the caller's.</summary>
    public async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
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
        await _json.DisposeAsync();
        await _pipe.CompleteAsync();
    }

    private int WriteRows(int length, int row)
    {
        for (; row < length && _pipe.UnflushedBytes < FlushBytes; row++)
        {
            _json.Reset();
            _json.WriteStartObject();
            for (int i = 0; i < _columns.Length; i++)
            {
                _json.WritePropertyName(_names[i]);
                _columns[i].Write(_json, row);
            }

            _json.WriteEndObject();
            _json.Flush();
            _pipe.GetSpan(1)[0] = (byte)'\n';
            _pipe.Advance(1);
        }

        return row;
    }
}
