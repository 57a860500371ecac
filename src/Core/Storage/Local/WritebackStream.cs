#pragma warning disable RS0030 // Part of the local storage adapter.
using Microsoft.Win32.SafeHandles;

namespace OllaLab.Lakehouse.Storage;

/// <summary>
/// A file's stream that hands what was written to the disk as it goes (sync_file_range), without waiting: the disk works while the next row group is encoded, and the sync at the end
/// finds little left to do.
/// </summary>
internal sealed class WritebackStream(SafeFileHandle file) : Stream
{
    // Parquet pages and row groups arrive in large pieces; this only gathers the small ones (magic, footer length).
    private const int BufferSize = 1 << 16;

    // Large enough for the disk to write in long runs, small enough that little is left at the end.
    private const long Stride = 8 << 20;

    private readonly FileStream _stream = new(file, FileAccess.Write, BufferSize);
    private long _started;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _stream.Length;

    public override long Position
    {
        get => _stream.Position;
        set => throw new NotSupportedException("An object is written from its start to its end.");
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _stream.Write(buffer);
        Advance();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    // The disk's writes go to the page cache: nothing is gained by another thread.
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => _stream.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        _stream.Flush();
        return Task.CompletedTask;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("An object on its way is not read.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("An object is written from its start to its end.");

    public override void SetLength(long value) => throw new NotSupportedException("An object's length is what was written.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Advance()
    {
        long written = _stream.Position;
        if (written - _started >= Stride)
        {
            Posix.StartWriteback(_stream.SafeFileHandle, _started, written - _started);
            _started = written;
        }
    }
}
