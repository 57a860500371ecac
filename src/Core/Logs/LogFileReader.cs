using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Logs;

/// <summary>
/// Finds the blocks of a log file and reads their headers, not their content. What is no whole block, such as what a writer that died left, is told from damage as Hudi does
/// (HoodieLogFileReader): a block whose two lengths agree and which a magic or the file's end follows is whole, everything else up to the next magic is one corrupt block.
/// </summary>
internal static class LogFileReader
{
    /// <inheritdoc cref="ReadBlocksAsync(IObjectStore, string, long, int, CancellationToken)"/>
    public static IAsyncEnumerable<LogBlock> ReadBlocksAsync(IObjectStore store, string path, long length, CancellationToken cancellationToken) => ReadBlocksAsync(store, path, length, 0, cancellationToken);

    /// <param name="length">The file's length, up to which is read.</param>
    /// <param name="keep">Content of up to so many bytes that was read anyway is kept with its block.</param>
    /// <exception cref="LakehouseException">
    /// Corrupt: no magic where the file begins, or a whole block's header is none. Unsupported: a block's version, type or command, named.
    /// </exception>
    public static async IAsyncEnumerable<LogBlock> ReadBlocksAsync(IObjectStore store, string path, long length, int keep, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var file = new LogWindow(store, path, length);
        long start = 0;
        while (length - start >= LogFormat.MagicLength)
        {
            var magic = await file.ReadAsync(start, LogFormat.MagicLength, cancellationToken).ConfigureAwait(false);
            if (!magic.Span.SequenceEqual(LogFormat.Magic))
            {
                throw LogFormat.Damaged(path, start, "it does not begin with #HUDI#: the file is no log file");
            }

            var block = await IsWholeAsync(file, start, cancellationToken).ConfigureAwait(false)
                ? await LogFrame.ReadAsync(file, path, start, keep, cancellationToken).ConfigureAwait(false)
                : await SkipAsync(file, path, start, cancellationToken).ConfigureAwait(false);
            yield return block;
            start = block.End;
        }
    }

    private static async ValueTask<bool> IsWholeAsync(LogWindow file, long start, CancellationToken cancellationToken)
    {
        long rest = file.Length - start - LogFormat.PrefixLength;
        if (rest < LogFormat.SmallestBlock)
        {
            return false;
        }

        long size = BinaryPrimitives.ReadInt64BigEndian((await file.ReadAsync(start + LogFormat.MagicLength, sizeof(long), cancellationToken).ConfigureAwait(false)).Span);
        if (size < LogFormat.SmallestBlock || size > rest)
        {
            return false;
        }

        long end = start + LogFormat.PrefixLength + size;
        int next = file.Length - end >= LogFormat.MagicLength ? LogFormat.MagicLength : 0;
        var tail = await file.ReadAsync(end - sizeof(long), sizeof(long) + next, cancellationToken).ConfigureAwait(false);
        return BinaryPrimitives.ReadInt64BigEndian(tail.Span) == size + LogFormat.MagicLength && (next == 0 || tail.Span[sizeof(long)..].SequenceEqual(LogFormat.Magic));
    }

    private static async ValueTask<LogBlock> SkipAsync(LogWindow file, string path, long start, CancellationToken cancellationToken)
    {
        // Hudi looks for the next magic from right after this one on, so that a torn block does not hide the block that was appended to it.
        long content = start + LogFormat.MagicLength;
        long end = await file.FindMagicAsync(content, cancellationToken).ConfigureAwait(false);
        return new LogBlock
        {
            Type = LogBlockType.Corrupt,
            Path = path,
            Start = start,
            ContentStart = content,
            ContentLength = end - content,
            End = end,
            Headers = new Dictionary<LogHeader, string>(),
        };
    }
}
