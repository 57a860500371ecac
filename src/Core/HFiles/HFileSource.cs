using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.HFiles;

/// <summary>Reads parts of one HFile. Its end is kept: indexes are there, and of a small file all.</summary>
internal sealed class HFileSource
{
    /// <summary>Holds trailer, information and a root index of most files.</summary>
    private const int Tail = 64 * 1024;

    private readonly IObjectStore _store;
    private readonly byte[] _tail;
    private readonly long _tailStart;

    private HFileSource(IObjectStore store, string path, long length, byte[] tail)
    {
        _store = store;
        _tail = tail;
        _tailStart = length - tail.Length;
        Path = path;
        End = length - HFileTrailer.Length;
    }

    public string Path { get; }

    /// <summary>Where the trailer begins.</summary>
    public long End { get; }

    public static async ValueTask<(HFileSource Source, HFileTrailer Trailer)> OpenAsync(IObjectStore store, string path, long length, CancellationToken cancellationToken)
    {
        if (length < HFileTrailer.Length)
        {
            throw HFile.Damaged(path, $"it has {length} bytes, too few for its trailer");
        }

        var tail = new byte[Math.Min(length, Tail)];
        int read = await store.ReadRangeAsync(path, length - tail.Length, tail, cancellationToken).ConfigureAwait(false);
        if (read < tail.Length)
        {
            throw HFile.Damaged(path, "it is shorter than it was said to be");
        }

        return (new HFileSource(store, path, length, tail), HFileTrailer.Parse(tail.AsSpan(^HFileTrailer.Length..), path));
    }

    /// <summary>Fills the target, which ends before the trailer.</summary>
    public async ValueTask FillAsync(long offset, Memory<byte> target, CancellationToken cancellationToken)
    {
        if (offset >= _tailStart)
        {
            _tail.AsMemory((int)(offset - _tailStart), target.Length).CopyTo(target);
        }
        else if (await _store.ReadRangeAsync(Path, offset, target, cancellationToken).ConfigureAwait(false) < target.Length)
        {
            throw HFile.Damaged(Path, "it became shorter");
        }
    }
}
