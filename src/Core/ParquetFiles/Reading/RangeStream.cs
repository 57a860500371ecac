using Microsoft.Win32.SafeHandles;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>
/// An object as a seekable stream for readers that know nothing of object stores. Ranges that are going to be read are fetched ahead with <see cref="PrefetchAsync"/>;
/// a read outside them fetches a window of its own, on the calling thread.
/// </summary>
internal sealed class RangeStream : Stream
{
    private const int Window = 1 << 20;

    /// <summary>Ranges that lie closer together than this are fetched as one: a request costs more than so many bytes.</summary>
    private const int Gap = 64 * 1024;

    /// <summary>The first bytes of every Parquet file, which readers look at.</summary>
    private static readonly ReadOnlyMemory<byte> Magic = "PAR1"u8.ToArray();

    private readonly IObjectStore _store;
    private readonly string _path;
    private readonly long _length;
    private readonly (long Start, ReadOnlyMemory<byte> Bytes) _tail;
    private readonly List<(long Start, ReadOnlyMemory<byte> Bytes)> _ahead = [];
    private readonly SafeFileHandle? _file;
    private readonly CancellationTokenSource _stop = new();
    private Task<List<(long Start, ReadOnlyMemory<byte> Bytes)>>? _next;
    private (long Start, ReadOnlyMemory<byte> Bytes) _window;

    /// <param name="length">Of the stream.</param>
    /// <param name="tail">Its last bytes, which need not be those of the object.</param>
    /// <param name="local">The object's path on the local disk, where it is on one: then nothing is fetched ahead.</param>
    public RangeStream(IObjectStore store, string path, long length, ReadOnlyMemory<byte> tail, string? local = null)
    {
        _file = local is null ? null : LocalReading.Open(local);
        _store = store;
        _path = path;
        _length = length;
        _tail = (length - tail.Length, tail);
    }

    /// <summary>A part of the object that the caller has read already.</summary>
    public (long Start, ReadOnlyMemory<byte> Bytes) Kept { get; init; }

    /// <summary>What the store said when a read failed: the native reader makes a text of it.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether it is worth while to fetch ahead.</summary>
    public bool IsRemote => _file is null;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _length;

    public override long Position { get; set; }

    /// <summary>
    /// Where not all of the <paramref name="wanted"/> ranges were fetched ahead, replaces what was by <paramref name="ranges"/>, unless these are together more than
    /// <paramref name="limit"/> bytes: then windows serve.
    /// </summary>
    public async ValueTask PrefetchAsync(
        IReadOnlyList<(long Start, long Length)> wanted, IEnumerable<(long Start, long Length)> ranges, long limit, CancellationToken cancellationToken)
    {
        if (wanted.All(w => IsWithin(Kept, w.Start, w.Length) || _ahead.Exists(range => IsWithin(range, w.Start, w.Length))))
        {
            return;
        }

        _ahead.Clear();
        if (_next is { } next)
        {
            // What fails here is asked for again below.
            await ((Task)next).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            cancellationToken.ThrowIfCancellationRequested();
            _next = null;
            if (next.IsCompletedSuccessfully && wanted.All(w => IsWithin(Kept, w.Start, w.Length) || next.Result.Exists(range => IsWithin(range, w.Start, w.Length))))
            {
                _ahead.AddRange(next.Result);
                return;
            }
        }

        var merged = Merge(ranges);
        if (merged.Sum(r => r.End - r.Start) <= limit)
        {
            _ahead.AddRange(await FetchAsync(merged, cancellationToken));
        }
    }

    /// <summary>Begins to fetch what the next call of <see cref="PrefetchAsync"/> will want, unless it is more than <paramref name="limit"/> bytes.</summary>
    public void BeginNext(IEnumerable<(long Start, long Length)> ranges, long limit)
    {
        var merged = Merge(ranges);
        if (_next is null && merged.Count > 0 && merged.Sum(r => r.End - r.Start) <= limit)
        {
            _next = FetchAsync(merged, _stop.Token);
        }
    }

    /// <summary>Nobody reads on when this has returned.</summary>
    public async ValueTask StopAsync()
    {
        if (_next is { } next)
        {
            _next = null;
            await _stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private List<(long Start, long End)> Merge(IEnumerable<(long Start, long Length)> ranges)
    {
        var merged = new List<(long Start, long End)>();
        foreach (var (start, length) in ranges.Where(r => r.Length > 0 && !IsWithin(Kept, r.Start, r.Length)).OrderBy(r => r.Start))
        {
            if (merged.Count > 0 && start - merged[^1].End <= Gap)
            {
                merged[^1] = (merged[^1].Start, Math.Max(merged[^1].End, start + length));
            }
            else
            {
                merged.Add((start, start + length));
            }
        }

        return merged;
    }

    private async Task<List<(long Start, ReadOnlyMemory<byte> Bytes)>> FetchAsync(IReadOnlyCollection<(long Start, long End)> ranges, CancellationToken cancellationToken)
    {
        var fetched = new List<(long Start, ReadOnlyMemory<byte> Bytes)>(ranges.Count);
        await Requests.ForEachAsync(_store, ranges, async range =>
        {
            byte[] bytes = GC.AllocateUninitializedArray<byte>((int)(range.End - range.Start));
            int read = await _store.ReadRangeAsync(_path, range.Start, bytes, cancellationToken);
            lock (fetched)
            {
                fetched.Add((range.Start, bytes.AsMemory(0, read)));
            }
        });
        return fetched;
    }

    /// <summary>A range that was fetched ahead as a whole.</summary>
    public ReadOnlyMemory<byte> Fetched(long start, long length)
    {
        foreach (var range in _ahead.Append(Kept))
        {
            if (IsWithin(range, start, length))
            {
                return range.Bytes.Slice((int)(start - range.Start), (int)length);
            }
        }

        throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The file ends before byte {start + length}", path: _path);
    }

    private static bool IsWithin((long Start, ReadOnlyMemory<byte> Bytes) range, long start, long length) =>
        start >= range.Start && start + length <= range.Start + range.Bytes.Length;

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || Position >= _length)
        {
            return 0;
        }

        if (_file is not null && Position < _tail.Start)
        {
            int direct = LocalReading.Fill(_file, Position, buffer[..(int)Math.Min(buffer.Length, _tail.Start - Position)]);
            Position += direct;
            return direct;
        }

        if (Position < Magic.Length && TryRead((0, Magic), buffer, out int fromMagic))
        {
            return fromMagic;
        }

        foreach (var range in _ahead)
        {
            if (TryRead(range, buffer, out int read))
            {
                return read;
            }
        }

        if (TryRead(_tail, buffer, out int fromTail) || TryRead(Kept, buffer, out fromTail) || TryRead(_window, buffer, out fromTail))
        {
            return fromTail;
        }

        FetchWindow();
        return TryRead(_window, buffer, out int fromWindow) ? fromWindow : 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => _length + offset,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _file?.Dispose();
        _stop.Dispose();
        base.Dispose(disposing);
    }

    private bool TryRead((long Start, ReadOnlyMemory<byte> Bytes) range, Span<byte> buffer, out int read)
    {
        long at = Position - range.Start;
        if (at < 0 || at >= range.Bytes.Length)
        {
            read = 0;
            return false;
        }

        var source = range.Bytes.Span[(int)at..];
        read = Math.Min(source.Length, buffer.Length);
        source[..read].CopyTo(buffer);
        Position += read;
        return true;
    }

    private void FetchWindow()
    {
        byte[] bytes = new byte[(int)Math.Min(Window, _tail.Start - Position)];
        try
        {
            // Native readers read synchronously; the store's task runs on the thread pool, without a context to come back to.
            int read = Task.Run(() => _store.ReadRangeAsync(_path, Position, bytes).AsTask()).GetAwaiter().GetResult();
            _window = (Position, bytes.AsMemory(0, read));
        }
        catch (Exception failure)
        {
            Failure = failure;
            throw;
        }
    }
}
