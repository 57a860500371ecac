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
    private readonly SemaphoreSlim reading = new(1);
    private readonly HFile? stored;
    private readonly MetadataRecordCodec? codec;
    private readonly Lazy<Task<MetadataCells>> merged;
    private readonly Lazy<Task<MetadataLogLookup>> newest;
    private readonly string path;

    private MetadataShard(HFile? stored, MetadataRecordCodec? codec, IObjectStore store, IReadOnlyList<LogBlock> blocks, string path)
    {
        this.stored = stored;
        this.codec = codec;
        this.path = path;
        merged = new(() => LoadAsync(store, blocks));
        newest = new(() => MetadataLogLookup.OpenAsync(store, blocks, CancellationToken.None).AsTask());
    }

    /// <param name="store">The metadata table's storage.</param>
    /// <param name="slice">The latest slice.</param>
    /// <param name="instants">Which log blocks count.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<MetadataShard> LoadAsync(IObjectStore store, FileSlice slice, MetadataInstants instants, CancellationToken cancellationToken)
    {
        HFile? stored = null;
        MetadataRecordCodec? codec = null;
        if (slice.Base is { } file)
        {
            stored = await HFile.OpenAsync(store, file.Path, file.Length, cancellationToken);
            codec = stored.Info.TryGetValue(HFileInfo.Schema, out var schema)
                ? MetadataRecordCodec.For(Encoding.UTF8.GetString(schema.Span))
                : throw HFile.Damaged(file.Path, "it does not say which schema its records have");
        }

        return new MetadataShard(stored, codec, store, await instants.SelectAsync(store, slice.Logs, cancellationToken), slice.Base?.Path ?? slice.FileId);
    }

    /// <summary>The merged records whose keys begin with a prefix, in key order.</summary>
    public async ValueTask<List<MetadataRecord>> ScanAsync(ReadOnlyMemory<byte> prefix, CancellationToken cancellationToken)
    {
        var records = new List<MetadataRecord>();
        var logs = await merged.Value.WaitAsync(cancellationToken);
        int log = logs.LowerBound(prefix.Span);
        int end = log;
        while (end < logs.Count && logs[end].Key.Span.StartsWith(prefix.Span))
        {
            end++;
        }

        await reading.WaitAsync(cancellationToken);
        try
        {
            await foreach (var block in stored?.ReadPrefixAsync(prefix, cancellationToken) ?? AsyncEnumerable.Empty<ReadOnlyMemory<byte>>())
            {
                Take(block.Span, records, logs, ref log, end);
            }
        }
        finally
        {
            reading.Release();
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
        var logs = await merged.Value.WaitAsync(cancellationToken);
        var payloads = new MetadataPayload?[keys.Count];
        await FindStoredAsync(keys, (i, record) => payloads[i] = codec!.Read(record.Span), cancellationToken);
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
        await reading.WaitAsync(cancellationToken);
        try
        {
            await (await newest.Value.WaitAsync(cancellationToken)).FindAsync(rest, places, found, cancellationToken);
        }
        finally
        {
            reading.Release();
        }

        await FindStoredAsync(rest, (i, record) => found(places[i], codec!, record.Span), cancellationToken);
    }

    private static async Task<MetadataCells> LoadAsync(IObjectStore store, IReadOnlyList<LogBlock> blocks)
    {
        var logs = new MetadataCells();
        var reader = new MetadataLogBlocks(store, logs);
        foreach (var block in blocks)
        {
            await reader.AddAsync(block, CancellationToken.None);
        }

        logs.Sort();
        return logs;
    }

    private async ValueTask FindStoredAsync(IReadOnlyList<ReadOnlyMemory<byte>> keys, Action<int, ReadOnlyMemory<byte>> found, CancellationToken cancellationToken)
    {
        if (stored is null || keys.Count == 0)
        {
            return;
        }

        await reading.WaitAsync(cancellationToken);
        try
        {
            await stored.FindAsync(keys, found, cancellationToken);
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>The records of a stored block with those of the logs between and beside them.</summary>
    private void Take(ReadOnlySpan<byte> block, List<MetadataRecord> records, MetadataCells logs, ref int log, int end)
    {
        var cells = new HFileCells(block, path);
        while (cells.MoveNext())
        {
            TakeLogs(records, logs, ref log, end, cells.Key, all: false);
            int next = logs.EndOf(log, cells.Key);
            Add(records, cells.Key, Merge(codec!.Read(cells.Value), logs, log, next));
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
}
