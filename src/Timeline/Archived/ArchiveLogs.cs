using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Avro;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// Reads the archive of version 6 tables (ArchivedTimelineLoaderV1): log files of Avro blocks, with an entry for each file that an instant had. What an archiving that died has left at the end of a
/// log was on the active timeline still, and is passed over as Hudi does.
/// </summary>
/// <param name="store">The table's storage.</param>
/// <param name="folder">The archive's folder.</param>
internal sealed partial class ArchiveLogs(IObjectStore store, string folder)
{
    private const string MergePlan = "mergeArchivePlan";

    /// <summary>The number in an archive log's name.</summary>
    public static bool TryParseName(string name, out int number)
    {
        var match = Pattern().Match(name);
        number = 0;
        return match.Success && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>The completed instants, log after log, the latest log first.</summary>
    /// <param name="withContent">Whether what they held is wanted.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <param name="logs">How many of the latest logs are wanted.</param>
    public async ValueTask<IReadOnlyList<ArchivedInstant>> ReadAsync(bool withContent, CancellationToken cancellationToken, int logs = int.MaxValue)
    {
        var files = new List<(int Number, ObjectInfo Info)>();
        bool merging = false;
        await foreach (var file in store.ListAsync(folder, recursive: false, cancellationToken))
        {
            merging |= file.Name == MergePlan;
            if (!file.IsFolder && TryParseName(file.Name, out int number))
            {
                files.Add((number, file));
            }
        }

        // While small logs are put together, the log that they are to become may be there in part: they themselves go last.
        var unfinished = merging ? await UnfinishedAsync(cancellationToken) : null;
        var found = new List<ArchivedInstant>();
        foreach (var (_, info) in files.Where(l => l.Info.Name != unfinished).OrderByDescending(l => l.Number).Take(logs))
        {
            await ReadLogAsync(info, withContent, found, cancellationToken);
        }

        return found;
    }

    private async ValueTask<string?> UnfinishedAsync(CancellationToken cancellationToken)
    {
        var path = folder + "/" + MergePlan;
        try
        {
            return AvroValue.Read((await store.ReadAsync(path, cancellationToken)).Span).Text("mergedArchiveFileName");
        }
        catch (LakehouseException e) when (e.Kind is LakehouseErrorKind.Corrupt or LakehouseErrorKind.NotFound)
        {
            // Not written whole yet, or done: then nothing was put together, or all of it.
            return null;
        }
    }

    private async ValueTask ReadLogAsync(ObjectInfo log, bool withContent, List<ArchivedInstant> found, CancellationToken cancellationToken)
    {
        await foreach (var block in LogFileReader.ReadBlocksAsync(store, log.Path, log.Length, cancellationToken))
        {
            if (block.Type == LogBlockType.Corrupt)
            {
                continue;
            }

            if (block.Type != LogBlockType.AvroData)
            {
                throw LogFormat.Refused(block.Path, block.Start, $"is of the type {block.Type}, which archives have not", "Read the archive with Hudi");
            }

            var content = new byte[block.ContentLength];
            if (await store.ReadRangeAsync(log.Path, block.ContentStart, content, cancellationToken) != content.Length)
            {
                throw LogFormat.Damaged(block.Path, block.Start, "it ends too early");
            }

            var schema = block.Header(LogHeader.Schema) ?? throw LogFormat.Damaged(block.Path, block.Start, "its header has no schema");
            try
            {
                ReadBlock(content, AvroSchemas.Parse(schema) as RecordSchema ?? throw new LakehouseException(LakehouseErrorKind.Corrupt, "its records are none"), withContent, found);
            }
            catch (LakehouseException e) when (e.Path is null)
            {
                throw LogFormat.At(block, e);
            }
        }
    }

    private static void ReadBlock(ReadOnlySpan<byte> content, RecordSchema schema, bool withContent, List<ArchivedInstant> found)
    {
        var rest = content;
        int version = Int32(ref rest);
        int count = Int32(ref rest);
        if (version is < 1 or > 3 || count < 0 || count > rest.Length / sizeof(int))
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, $"a block of the archive is of version {version} and holds {count} records");
        }

        for (; count > 0; count--)
        {
            int length = Int32(ref rest);
            if (length < 0 || length > rest.Length)
            {
                throw new LakehouseException(LakehouseErrorKind.Corrupt, $"an entry of {length} bytes is followed by {rest.Length}");
            }

            if (ArchiveEntry.Read(rest[..length], schema, withContent) is { } instant)
            {
                found.Add(instant);
            }

            rest = rest[length..];
        }
    }

    private static int Int32(ref ReadOnlySpan<byte> rest)
    {
        if (rest.Length < sizeof(int))
        {
            throw new LakehouseException(LakehouseErrorKind.Corrupt, "a block of the archive ends too early");
        }

        int value = BinaryPrimitives.ReadInt32BigEndian(rest);
        rest = rest[sizeof(int)..];
        return value;
    }

    [GeneratedRegex(@"^\.commits_\.archive\.([0-9]+)", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
