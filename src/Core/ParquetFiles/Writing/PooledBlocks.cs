using System.Buffers;

namespace OllaLab.Lakehouse.ParquetFiles;

/// <summary>Bytes that are written once and then read, in blocks that go back to a pool when this is disposed: encoded columns on their way to a file.</summary>
internal sealed class PooledBlocks : Stream
{
    private const int Block = 256 << 10;
    private readonly List<byte[]> _blocks = [];
    private long _length;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position { get => _length; set => throw new NotSupportedException(); }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int at = (int)(_length % Block);
            if (at == 0)
            {
                _blocks.Add(ArrayPool<byte>.Shared.Rent(Block));
            }

            int count = Math.Min(Block - at, bytes.Length);
            bytes[..count].CopyTo(_blocks[^1].AsSpan(at));
            bytes = bytes[count..];
            _length += count;
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>A copy of the last bytes.</summary>
    public byte[] Tail(int length)
    {
        var tail = new byte[length];
        for (int done = 0; done < length;)
        {
            var part = Piece(_length - length + done, length - done);
            part.CopyTo(tail.AsMemory(done));
            done += part.Length;
        }

        return tail;
    }

    /// <summary>Writes some of the bytes to another stream.</summary>
    public async ValueTask CopyToAsync(Stream target, long start, long length, CancellationToken cancellationToken)
    {
        while (length > 0)
        {
            var part = Piece(start, length);
            await target.WriteAsync(part, cancellationToken);
            start += part.Length;
            length -= part.Length;
        }
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _blocks.ForEach(block => ArrayPool<byte>.Shared.Return(block));
        _blocks.Clear();
        _length = 0;
        base.Dispose(disposing);
    }

    private ReadOnlyMemory<byte> Piece(long start, long most) =>
        start < 0 || start >= _length
            ? throw new ObjectDisposedException(nameof(PooledBlocks))
            : _blocks[(int)(start / Block)].AsMemory((int)(start % Block), (int)Math.Min(Math.Min(most, _length - start), Block - (start % Block)));
}
