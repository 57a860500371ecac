using System.Buffers;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>A block's content, read from its beginning to its end in chunks: memory is for one chunk, or one record where that is longer.</summary>
internal sealed class LogContent(IObjectStore store, LogBlock block) : IDisposable
{
    private const int Chunk = 1 << 20;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private long _fetched;

    /// <summary>Bytes of the content that were not taken yet.</summary>
    public long Remaining => block.ContentLength - _fetched + _end - _start;

    /// <summary>What of it is in memory.</summary>
    public ReadOnlySpan<byte> Available => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Passes over bytes that are <see cref="Available"/>.</summary>
    public void Take(int count) => _start += count;

    /// <summary>Makes at least so many bytes <see cref="Available"/>.</summary>
    /// <exception cref="LakehouseException">Corrupt: the content has not so many.</exception>
    public async ValueTask EnsureAsync(int count, CancellationToken cancellationToken)
    {
        if (_end - _start >= count)
        {
            return;
        }

        if (count > Remaining)
        {
            throw Damaged($"{count} bytes are wanted where {Remaining} are left");
        }

        int wanted = (int)Math.Min(Math.Max(count, Chunk), Remaining);
        byte[] target = _buffer.Length >= wanted ? _buffer : ArrayPool<byte>.Shared.Rent(wanted);
        Available.CopyTo(target);
        (_start, _end) = (0, _end - _start);
        if (!ReferenceEquals(target, _buffer))
        {
            (_buffer, var old) = (target, _buffer);
            Return(old);
        }

        int length = wanted - _end;
        int read = await block.ReadAsync(store, _fetched, _buffer.AsMemory(_end, length), cancellationToken).ConfigureAwait(false);
        if (read < length)
        {
            throw Damaged("the file became shorter");
        }

        _fetched += read;
        _end += read;
    }

    public LakehouseException Damaged(string problem) => LogFormat.Damaged(block.Path, block.Start, problem);

    public void Dispose()
    {
        Return(_buffer);
        _buffer = [];
    }

    private static void Return(byte[] buffer)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
