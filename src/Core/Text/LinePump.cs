using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Apache.Arrow;

namespace OllaLab.Lakehouse.Text;

/// <summary>Cuts a pipe into lines, feeds them to a parser and yields its batches. Memory: one line and one batch.</summary>
internal sealed class LinePump(ILineParser parser, LineOptions options, bool quotes)
{
    private static readonly StreamPipeReaderOptions Pipe = new(bufferSize: 128 << 10, minimumReadSize: 32 << 10, leaveOpen: true);

    private long _line = 1;
    private long _batchBytes;

    // State of the line that is not whole yet: how far it was searched, whether inside quotes (CSV), how many line ends those quotes hold.
    private long _searched;
    private bool _inQuotes;
    private int _inner;
    private bool _first = true;

    /// <summary>The stream stays open.</summary>
    public IAsyncEnumerable<RecordBatch> RunAsync(Stream stream, CancellationToken cancellationToken) => RunAsync(PipeReader.Create(stream, Pipe), cancellationToken);

    /// <summary>The pipe is completed at the end.</summary>
    public async IAsyncEnumerable<RecordBatch> RunAsync(PipeReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellationToken);
                var rest = result.Buffer;
                if (_first && (rest.Length >= 3 || result.IsCompleted))
                {
                    _first = false;
                    rest = SkipByteOrderMark(rest);
                }

                while (!_first && NextLine(ref rest, result.IsCompleted))
                {
                    if (parser.Rows >= options.BatchRows || _batchBytes >= options.BatchBytes)
                    {
                        _batchBytes = 0;
                        yield return parser.Take();
                    }
                }

                if (rest.Length > options.MaxLineBytes)
                {
                    throw TextErrors.AtLine(options.Source, _line, string.Empty, $"longer than {options.MaxLineBytes} bytes" + (_inQuotes ? " (a quote is not closed)" : string.Empty), null);
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (result.IsCompleted)
                {
                    break;
                }
            }

            if (parser.Rows > 0)
            {
                yield return parser.Take();
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    private static ReadOnlySequence<byte> SkipByteOrderMark(ReadOnlySequence<byte> text)
    {
        Span<byte> start = stackalloc byte[3];
        if (text.Length < 3)
        {
            return text;
        }

        text.Slice(0, 3).CopyTo(start);
        return start.SequenceEqual("\uFEFF"u8) ? text.Slice(3) : text;
    }

    private bool NextLine(ref ReadOnlySequence<byte> rest, bool last)
    {
        if (!TryFindEnd(rest, out var end))
        {
            if (!last || rest.IsEmpty)
            {
                return false;
            }

            end = rest.Length;
        }

        Add(rest.Slice(0, end));
        _line += 1 + _inner;
        _batchBytes += end;
        (_searched, _inQuotes, _inner) = (0, false, 0);
        rest = rest.Slice(Math.Min(end + 1, rest.Length));
        return true;
    }

    private bool TryFindEnd(in ReadOnlySequence<byte> text, out long end)
    {
        end = _searched;
        foreach (var memory in text.Slice(_searched))
        {
            var span = memory.Span;
            while (!span.IsEmpty)
            {
                var at = quotes ? span.IndexOfAny((byte)'\n', (byte)'"') : span.IndexOf((byte)'\n');
                if (at < 0)
                {
                    end += span.Length;
                    break;
                }

                end += at;
                if (span[at] == '\n' && !_inQuotes)
                {
                    return true;
                }

                if (span[at] == '\n')
                {
                    _inner++;
                }
                else
                {
                    _inQuotes = !_inQuotes;
                }

                end++;
                span = span[(at + 1)..];
            }
        }

        _searched = end;
        return false;
    }

    private void Add(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
        {
            AddSpan(line.FirstSpan);
            return;
        }

        var scratch = ArrayPool<byte>.Shared.Rent((int)line.Length);
        line.CopyTo(scratch);
        AddSpan(scratch.AsSpan(0, (int)line.Length));
        ArrayPool<byte>.Shared.Return(scratch);
    }

    private void AddSpan(ReadOnlySpan<byte> line) => parser.Add(!line.IsEmpty && line[^1] == '\r' ? line[..^1] : line, _line);
}
