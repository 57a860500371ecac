using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>
/// Small reads all over a log file, served from two windows: one stands at a block's beginning and one at its end, where the next block begins. A request per block then, or one
/// for all of a small file.
/// </summary>
internal sealed class LogWindow(IObjectStore store, string path, long length)
{
    private const int Window = 64 * 1024;

    private (long Start, ReadOnlyMemory<byte> Bytes) _latest;
    private (long Start, ReadOnlyMemory<byte> Bytes) _earlier;

    public long Length => length;

    /// <summary>Bytes that the caller knows to be in the file.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(long position, int count, CancellationToken cancellationToken)
    {
        if (!Holds(_latest, position, count))
        {
            (_latest, _earlier) = (_earlier, _latest);
            if (!Holds(_latest, position, count))
            {
                _latest = (position, await FetchAsync(position, (int)Math.Min(Math.Max(count, Window), length - position), cancellationToken).ConfigureAwait(false));
            }
        }

        return _latest.Bytes.Slice((int)(position - _latest.Start), count);
    }

    /// <summary>A copy of bytes that are there already; null where they are not.</summary>
    public ReadOnlyMemory<byte>? Copy(long position, long count)
    {
        foreach (var window in (ReadOnlySpan<(long Start, ReadOnlyMemory<byte> Bytes)>)[_latest, _earlier])
        {
            if (count <= Window && Holds(window, position, (int)count))
            {
                return window.Bytes.Slice((int)(position - window.Start), (int)count).ToArray();
            }
        }

        return null;
    }

    /// <summary>The first place at or after <paramref name="position"/> where the magic stands, or the file's end.</summary>
    public async ValueTask<long> FindMagicAsync(long position, CancellationToken cancellationToken)
    {
        const int Scan = 1 << 20;
        byte[] buffer = new byte[(int)Math.Min(Scan, Math.Max(0, length - position))];
        while (length - position >= LogFormat.MagicLength)
        {
            int read = await store.ReadRangeAsync(path, position, buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - position)), cancellationToken).ConfigureAwait(false);
            int at = buffer.AsSpan(0, read).IndexOf(LogFormat.Magic);
            if (at >= 0)
            {
                return position + at;
            }

            if (read <= LogFormat.MagicLength)
            {
                break;
            }

            position += read - LogFormat.MagicLength + 1;
        }

        return length;
    }

    private static bool Holds((long Start, ReadOnlyMemory<byte> Bytes) window, long position, int count) =>
        position >= window.Start && position + count <= window.Start + window.Bytes.Length;

    private async ValueTask<ReadOnlyMemory<byte>> FetchAsync(long position, int count, CancellationToken cancellationToken)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(count);
        int read = await store.ReadRangeAsync(path, position, bytes, cancellationToken).ConfigureAwait(false);
        return read == count ? bytes : throw new LakehouseException(LakehouseErrorKind.Corrupt, $"The file is shorter than the {length} bytes it was said to have", path: path);
    }
}
