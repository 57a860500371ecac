namespace OllaLab.Lakehouse.Cli.Output;

/// <summary>Standard output or a file. A reader that went away is no failure of ours.</summary>
internal sealed class OutputStream : Stream
{
    private readonly Stream _inner;
    private readonly bool _standard;

    private OutputStream(Stream inner, bool standard) => (_inner, _standard) = (inner, standard);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public static OutputStream Open(CommandContext context, string? file) =>
        file is null or Files.Standard ? new(context.OpenOutput(), true) : new(Files.Create(file), false);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            _inner.Write(buffer);
        }
        catch (IOException e) when (_standard)
        {
            throw new BrokenOutputException(e);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _inner.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException e) when (_standard)
        {
            throw new BrokenOutputException(e);
        }
    }

    public override void Flush() => _inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }
    }
}
