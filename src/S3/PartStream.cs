namespace OllaLab.Lakehouse.S3;

/// <summary>Cuts what is written into parts of one size; the last, smaller one stays here.</summary>
internal sealed class PartStream(int partSize, Func<byte[], ValueTask> upload) : Stream
{
    private byte[] buffer = [];
    private int held;
    private long length;

    /// <summary>What was not handed on.</summary>
    public ReadOnlyMemory<byte> Rest => buffer.AsMemory(0, held);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => length;

    public override long Position
    {
        get => length;
        set => throw new NotSupportedException();
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[Hold(bytes)..];
            if (held == partSize)
            {
                // Native writers know no other way; the parts before go on meanwhile.
                HandOnAsync().AsTask().GetAwaiter().GetResult();
            }
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        while (bytes.Length > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bytes = bytes[Hold(bytes.Span)..];
            if (held == partSize)
            {
                await HandOnAsync().ConfigureAwait(false);
            }
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private int Hold(ReadOnlySpan<byte> bytes)
    {
        int take = Math.Min(bytes.Length, partSize - held);
        if (held + take > buffer.Length)
        {
            Array.Resize(ref buffer, (int)Math.Min(partSize, Math.Max(held + take, buffer.Length * 2L)));
        }

        bytes[..take].CopyTo(buffer.AsSpan(held));
        held += take;
        length += take;
        return take;
    }

    private async ValueTask HandOnAsync()
    {
        var part = buffer;
        (buffer, held) = ([], 0);
        await upload(part).ConfigureAwait(false);
    }
}
