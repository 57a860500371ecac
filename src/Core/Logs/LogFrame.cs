using System.Buffers.Binary;
using System.Text;

namespace OllaLab.Lakehouse.Logs;

/// <summary>Reads the frame of a block that is known to be whole. A length that reaches past the block is damage, whatever the lengths around it say.</summary>
internal static class LogFrame
{
    /// <param name="keep">Content of up to so many bytes is kept, where it was read with the frame.</param>
    public static async ValueTask<LogBlock> ReadAsync(LogWindow file, string path, long start, int keep, CancellationToken cancellationToken)
    {
        var prefix = await file.ReadAsync(start, LogFormat.PrefixLength, cancellationToken).ConfigureAwait(false);
        long end = start + LogFormat.PrefixLength + BinaryPrimitives.ReadInt64BigEndian(prefix.Span[LogFormat.MagicLength..]);
        long at = start + LogFormat.PrefixLength;
        var fixedPart = await file.ReadAsync(at, 2 * sizeof(int), cancellationToken).ConfigureAwait(false);
        CheckVersion(BinaryPrimitives.ReadInt32BigEndian(fixedPart.Span), path, start);
        var type = CheckType(BinaryPrimitives.ReadInt32BigEndian(fixedPart.Span[sizeof(int)..]), path, start);

        // Behind the header there are at least the content's length, the number of footer entries and the trailing length.
        at += 2 * sizeof(int);
        (var headers, at) = await ReadEntriesAsync(file, path, start, at, end - 8 - 4 - 8, cancellationToken).ConfigureAwait(false);
        long contentLength = BinaryPrimitives.ReadInt64BigEndian((await file.ReadAsync(at, sizeof(long), cancellationToken).ConfigureAwait(false)).Span);
        at += sizeof(long);
        long room = end - 4 - 8 - at;
        if (contentLength < 0 || contentLength > room)
        {
            throw LogFormat.Damaged(path, start, $"its content is said to have {contentLength} bytes where there are {room}");
        }

        (_, long footerEnd) = await ReadEntriesAsync(file, path, start, at + contentLength, end - 8, cancellationToken).ConfigureAwait(false);
        if (footerEnd != end - 8)
        {
            throw LogFormat.Damaged(path, start, $"{end - 8 - footerEnd} bytes stand between its footer and its end");
        }

        CheckCommand(type, headers, path, start);
        return new LogBlock
        {
            Type = type,
            Path = path,
            Start = start,
            ContentStart = at,
            ContentLength = contentLength,
            End = end,
            Headers = headers,
            Content = contentLength <= keep ? file.Copy(at, contentLength) : null,
        };
    }

    private static void CheckVersion(int version, string path, long start)
    {
        if (version != LogFormat.Version)
        {
            throw LogFormat.Refused(
                path, start, $"has the log format version {version}", version == 0 ? "Compact the table with the Hudi release that wrote it, or one that still reads it" : "Read it with a later version of this library");
        }
    }

    private static LogBlockType CheckType(int type, string path, long start) => (LogBlockType)type switch
    {
        LogBlockType.Corrupt => throw LogFormat.Damaged(path, start, "it is of the type 'corrupt block', which is never written"),
        >= LogBlockType.Command and <= LogBlockType.CdcData => (LogBlockType)type,
        _ => throw LogFormat.Refused(path, start, $"has the unknown type {type}", "Read it with a later version of this library"),
    };

    private static void CheckCommand(LogBlockType type, Dictionary<LogHeader, string> headers, string path, long start)
    {
        if (type == LogBlockType.Command && headers.GetValueOrDefault(LogHeader.CommandBlockType) is var command && command != LogFormat.RollbackCommand)
        {
            throw LogFormat.Refused(path, start, $"has the unknown command '{command}'", "Read it with a later version of this library");
        }
    }

    private static async ValueTask<(Dictionary<LogHeader, string> Entries, long End)> ReadEntriesAsync(
        LogWindow file, string path, long start, long at, long end, CancellationToken cancellationToken)
    {
        const int EntryPrefix = 2 * sizeof(int);
        var entries = new Dictionary<LogHeader, string>();
        var count = end - at < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32BigEndian((await file.ReadAsync(at, sizeof(int), cancellationToken).ConfigureAwait(false)).Span);
        at += sizeof(int);
        if (count < 0 || count > (end - at) / EntryPrefix)
        {
            throw LogFormat.Damaged(path, start, $"it is said to have {count} header entries");
        }

        for (; count > 0; count--)
        {
            if (end - at < EntryPrefix)
            {
                throw LogFormat.Damaged(path, start, "its header reaches past its end");
            }

            var prefix = await file.ReadAsync(at, EntryPrefix, cancellationToken).ConfigureAwait(false);
            int key = BinaryPrimitives.ReadInt32BigEndian(prefix.Span);
            int length = BinaryPrimitives.ReadInt32BigEndian(prefix.Span[sizeof(int)..]);
            at += EntryPrefix;
            if (length < 0 || length > end - at)
            {
                throw LogFormat.Damaged(path, start, $"header entry {key} is said to have {length} bytes where there are {end - at}");
            }

            if (Enum.IsDefined((LogHeader)key))
            {
                entries[(LogHeader)key] = Encoding.UTF8.GetString((await file.ReadAsync(at, length, cancellationToken).ConfigureAwait(false)).Span);
            }

            at += length;
        }

        return (entries, at);
    }
}
