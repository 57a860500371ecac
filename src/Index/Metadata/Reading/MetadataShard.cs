using System.Text;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Takes a stored record up: the position of its key among those asked for, how to read it, and the record, which is valid during the call.</summary>
internal delegate void MetadataRecordFound(int key, MetadataRecordCodec codec, ReadOnlySpan<byte> record);

/// <summary>
/// One file group of the metadata table: its base file, of which look-ups read only the blocks that they need, and those log blocks that count, whose records are in memory once records of them are
/// merged; where the newest of a key counts alone, they are looked up as well. One caller at a time has the files.
/// </summary>
internal sealed class MetadataShard
{
    private readonly MetadataStoredFile? stored;
    private readonly IReadOnlyList<MetadataLog> read;
    private readonly IReadOnlyList<LogBlock> blocks;
    private readonly Logs logsOf;
    private readonly string path;

    private MetadataShard(MetadataStoredFile? stored, IReadOnlyList<MetadataLog> read, IReadOnlyList<LogBlock> blocks, Logs logsOf, string path)
    {
        this.stored = stored;
        this.read = read;
        this.blocks = blocks;
        this.logsOf = logsOf;
        this.path = path;
    }

    /// <param name="store">The metadata table's storage.</param>
    /// <param name="slice">The latest slice.</param>
    /// <param name="instants">Which log blocks count.</param>
    /// <param name="earlier">The same file group as it was loaded before, whose files may be the same; or null.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<MetadataShard> LoadAsync(IObjectStore store, FileSlice slice, MetadataInstants instants, MetadataShard? earlier, CancellationToken cancellationToken)
    {
        var (stored, read) = await Requests.BothAsync(
            store,
            async () => slice.Base is not { } file ? null
                : instants.CompletionTimeOf(file.Instant) is var completed && earlier?.stored is { } same && same.Is(file, completed) ? same
                : await MetadataStoredFile.OpenAsync(store, file, completed, cancellationToken),
            () => instants.ReadAsync(store, slice.Logs, earlier?.read ?? [], cancellationToken));
        var blocks = instants.Select(read);
        var logs = earlier is { logsOf.Use.HasFailed: false } && earlier.blocks.Count == blocks.Count && blocks.Zip(earlier.blocks).All(b => ReferenceEquals(b.First, b.Second))
            ? earlier.logsOf
            : new Logs(store, blocks);
        return new MetadataShard(stored, read, blocks, logs, slice.Base?.Path ?? slice.FileId);
    }

    /// <summary>The merged records whose keys begin with a prefix, in key order.</summary>
    public async ValueTask<List<MetadataRecord>> ScanAsync(ReadOnlyMemory<byte> prefix, CancellationToken cancellationToken)
    {
        var records = new List<MetadataRecord>();
        var logs = await logsOf.MergeAsync(cancellationToken);
        int log = logs.LowerBound(prefix.Span);
        int end = log;
        while (end < logs.Count && logs[end].Key.Span.StartsWith(prefix.Span))
        {
            end++;
        }

        if (stored is not null)
        {
            await stored.Use.RunAsync(
                async () =>
                {
                    await foreach (var block in stored.Rows.ReadPrefixAsync(prefix, cancellationToken))
                    {
                        Take(block.Span, records, logs, ref log, end);
                    }
                },
                cancellationToken);
        }

        TakeLogs(records, logs, ref log, end, default, all: true);
        return records;
    }

    /// <summary>The merged records of keys.</summary>
    /// <param name="keys">Ascending.</param>
    /// <param name="found">Is given the position of each key that has a record, and the record.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public async ValueTask FindAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, Action<int, MetadataPayload> found, CancellationToken cancellationToken)
    {
        var logs = await logsOf.MergeAsync(cancellationToken);
        var payloads = new MetadataPayload?[keys.Count];
        await FindStoredAsync(keys, (i, record) => payloads[i] = stored!.Codec.Read(record.Span), cancellationToken);
        int position = 0;
        for (int i = 0; i < keys.Count; i++)
        {
            position = logs.LowerBound(keys[i].Span, position);
            if (Merge(payloads[i], logs, position, logs.EndOf(position, keys[i].Span)) is { } payload)
            {
                found(i, payload);
            }
        }
    }

    /// <summary>The newest record of each key, where newer ones take the place of older ones, as in the record index: nothing is made of those that they replace.</summary>
    public async ValueTask FindNewestAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, MetadataRecordFound found, CancellationToken cancellationToken)
    {
        var rest = keys.ToList();
        var places = Enumerable.Range(0, rest.Count).ToList();
        await logsOf.Use.RunAsync(async () => await (await logsOf.Newest.Value.WaitAsync(cancellationToken)).FindAsync(rest, places, found, cancellationToken), cancellationToken);
        await FindStoredAsync(rest, (i, record) => found(places[i], stored!.Codec, record.Span), cancellationToken);
    }

    private async ValueTask FindStoredAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, Action<int, ReadOnlyMemory<byte>> found, CancellationToken cancellationToken)
    {
        if (stored is null || keys.Count == 0)
        {
            return;
        }

        await stored.Use.RunAsync(() => stored.Rows.FindAsync(keys, found, cancellationToken).AsTask(), cancellationToken);
    }

    /// <summary>The records of a stored block with those of the logs between and beside them.</summary>
    private void Take(ReadOnlySpan<byte> block, List<MetadataRecord> records, MetadataCells logs, ref int log, int end)
    {
        var cells = new HFileCells(block, path);
        while (cells.MoveNext())
        {
            TakeLogs(records, logs, ref log, end, cells.Key, all: false);
            int next = logs.EndOf(log, cells.Key);
            Add(records, cells.Key, Merge(stored!.Codec.Read(cells.Value), logs, log, next));
            log = next;
        }
    }

    /// <summary>Records of logs alone, up to a key or to the end.</summary>
    private static void TakeLogs(List<MetadataRecord> records, MetadataCells logs, ref int log, int end, ReadOnlySpan<byte> before, bool all)
    {
        while (log < end && (all || logs[log].Key.Span.SequenceCompareTo(before) < 0))
        {
            var key = logs[log].Key.Span;
            int next = logs.EndOf(log, key);
            Add(records, key, Merge(null, logs, log, next));
            log = next;
        }
    }

    private static void Add(List<MetadataRecord> records, ReadOnlySpan<byte> key, MetadataPayload? payload)
    {
        if (payload is not null)
        {
            records.Add(new MetadataRecord(Encoding.UTF8.GetString(key), payload));
        }
    }

    private static MetadataPayload? Merge(MetadataPayload? older, MetadataCells logs, int first, int end)
    {
        var newer = new MetadataPayload?[end - first];
        for (int i = first; i < end; i++)
        {
            newer[i - first] = logs[i].Codec?.Read(logs[i].Value.Span);
        }

        var merged = MetadataMerge.Merge(older, newer);
        return merged is ColumnStatsPayload { IsDeleted: true } or BloomFilterPayload { IsDeleted: true } or SecondaryIndexPayload { IsDeleted: true } ? null : merged;
    }

    /// <summary>The blocks of logs that count: their records merged in memory, and looked up one by one.</summary>
    private sealed class Logs(IObjectStore store, IReadOnlyList<LogBlock> blocks)
    {
        private MetadataCells? merged;

        public Lazy<Task<MetadataLogLookup>> Newest { get; } = new(() => MetadataLogLookup.OpenAsync(store, blocks, CancellationToken.None).AsTask());

        public SharedUse Use { get; } = new();

        public async ValueTask<MetadataCells> MergeAsync(CancellationToken cancellationToken)
        {
            if (Volatile.Read(ref merged) is { } known)
            {
                return known;
            }

            await Use.RunAsync(
                async () =>
                {
                    if (merged is not null)
                    {
                        return;
                    }

                    var cells = new MetadataCells();
                    var reader = new MetadataLogBlocks(store, cells);
                    foreach (var block in blocks)
                    {
                        await reader.AddAsync(block, cancellationToken);
                    }

                    cells.Sort();
                    Volatile.Write(ref merged, cells);
                },
                cancellationToken);
            return merged!;
        }
    }
}
