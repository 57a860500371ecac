using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Writes the files of one instant of a metadata table: a log for each file group with records, base files, and the logs that file groups begin with.</summary>
/// <param name="folder">The metadata table.</param>
/// <param name="instant">The instant.</param>
/// <param name="schema">The records' schema, without meta fields.</param>
internal sealed class MetadataFiles(MetadataFolder folder, string instant, string schema)
{
    /// <summary>The write token of the logs that file groups begin with (HoodieBackedTableMetadataWriter.initializeFileGroups).</summary>
    private const string FirstToken = "0-0-0";

    private readonly MetadataRecordCodec records = MetadataRecordCodec.For(MetadataSchema.WithMetaFields(schema));
    private readonly PartitionMetadata partitions = new(folder.Store, instant, folder.Data.Environment.Clock);
    private readonly int attempt = folder.Data.Environment.NewGuid().GetHashCode() & 0xFFFFF;
    private int files;

    /// <summary>Makes the file groups of a new partition, in a partitioned record index those of a data partition: each begins with a log that holds an empty delete block.</summary>
    /// <returns>Their names.</returns>
    public async ValueTask<IReadOnlyList<MetadataGroup>> CreateGroupsAsync(string partition, int count, string? dataPartition, CancellationToken cancellationToken)
    {
        await partitions.EnsureAsync(partition, cancellationToken);
        var groups = new List<MetadataGroup>(count);
        for (int shard = 0; shard < count; shard++)
        {
            var group = new MetadataGroup(MetadataFileIds.Make(partition, shard, dataPartition), instant, 1);
            await using var log = await LogFileWriter.CreateAsync(folder.Store, partition + "/" + FileNames.MakeLogFile(group.FileId, instant, 1, FirstToken), cancellationToken);
            await log.AppendDeletesAsync(new StringArray.Builder().Build(), partition, null, Headers(), cancellationToken);
            await log.CompleteAsync(cancellationToken);
            groups.Add(group);
        }

        return groups;
    }

    /// <summary>Writes a base file of records.</summary>
    public async ValueTask<WriteStat> WriteBaseAsync(string partition, MetadataGroup group, IReadOnlyList<MetadataRecord> rows, CancellationToken cancellationToken)
    {
        var path = partition + "/" + FileNames.MakeBaseFile(instant, Token(), group.FileId, ".hfile");
        var content = Encode(rows);
        await using var target = await folder.Store.CreateAsync(path, Durability.Deferred, cancellationToken);
        await target.Stream.WriteAsync(content, cancellationToken);
        long length = await target.CompleteAsync(cancellationToken);
        return Stat(partition, group, path, length, rows.Count, 0) with { PrevCommit = "null", NumInserts = rows.Count, NumUpdateWrites = 0 };
    }

    /// <summary>Writes a log: a block of the records, then one of the deleted keys.</summary>
    public async ValueTask<WriteStat> WriteLogAsync(string partition, MetadataGroup group, IReadOnlyList<MetadataRecord> rows, CancellationToken cancellationToken)
    {
        // From version 8 on logs are named by their own instant, before by the slice's.
        var name = folder.Client.Layout.OrdersByCompletion
            ? FileNames.MakeLogFile(group.FileId, instant, 1, Token())
            : FileNames.MakeLogFile(group.FileId, group.Instant, group.LogVersion + 1, Token());
        var live = rows.Where(r => r.Payload is not null).ToList();
        var deleted = rows.Where(r => r.Payload is null).Select(r => r.Key).Order(StringComparer.Ordinal).ToList();
        var path = partition + "/" + name;
        await using var log = await LogFileWriter.CreateAsync(folder.Store, path, cancellationToken);
        if (live.Count > 0)
        {
            await log.AppendHFileAsync(Encode(live), Headers(), cancellationToken);
        }

        if (deleted.Count > 0)
        {
            // As Hudi's metadata writer does, with the ordering value 0.
            var orderings = new Int32Array.Builder().AppendRange(Enumerable.Repeat(0, deleted.Count)).Build();
            await log.AppendDeletesAsync(new StringArray.Builder().AppendRange(deleted).Build(), partition, [orderings], Headers(), cancellationToken);
        }

        long length = await log.CompleteAsync(cancellationToken);
        return Stat(partition, group, path, length, live.Count, deleted.Count) with
        {
            PrevCommit = folder.Client.Layout.OrdersByCompletion ? instant : group.Instant,
            Log = new LogStat(folder.Client.Layout.OrdersByCompletion ? 1 : group.LogVersion + 1, 0, string.Empty, [name]),
        };
    }

    private byte[] Encode(IReadOnlyList<MetadataRecord> rows)
    {
        using var file = new MemoryStream();
        var writer = new HFileWriter(file, HFileCodec.Gzip, Encoding.UTF8.GetBytes(records.Schema));
        var keys = new byte[rows.Count][];
        var order = new int[rows.Count];
        for (int i = 0; i < order.Length; i++)
        {
            keys[i] = Encoding.UTF8.GetBytes(rows[i].Key);
            order[i] = i;
        }

        System.Array.Sort(keys, order, ByteOrder);

        // Entries of the record index share what they say with all rows of their file.
        using var value = new AvroOutput();
        MetadataPayload? last = null;
        for (int i = 0; i < order.Length; i++)
        {
            var payload = rows[order[i]].Payload!;
            if (i > 0 && keys[i].AsSpan().SequenceEqual(keys[i - 1]))
            {
                throw Twice(Encoding.UTF8.GetString(keys[i]), payload);
            }

            if (!ReferenceEquals(payload, last))
            {
                value.Reset();
                records.Write(value, payload);
                last = payload;
            }

            writer.Add(keys[i], value.Written.Span);
        }

        writer.Finish();
        return file.ToArray();
    }

    // As Hudi does (HoodieTableMetadataUtil.reduceByKeys).
    private LakehouseException Twice(string key, MetadataPayload payload) => payload is RecordIndexPayload
        ? new LakehouseException(
            LakehouseErrorKind.InvalidInput,
            $"The record key '{key}' would be stored in two places, and the record index has one for each key",
            folder.Data.Store.Root,
            instant: instant,
            remedy: "Write each key once (upsert, or insert with hoodie.combine.before.insert), or drop the index (hoodie.metadata.record.index.enable=false)")
        : folder.Damaged("of the key " + key, "the key has two records in one commit");

    private static readonly Comparer<byte[]> ByteOrder = Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b));

    private Dictionary<LogHeader, string> Headers() => new() { [LogHeader.InstantTime] = instant, [LogHeader.Schema] = records.Schema };

    private string Token() => FileNames.MakeWriteToken(Interlocked.Increment(ref files) - 1, 0, attempt);

    private static WriteStat Stat(string partition, MetadataGroup group, string path, long length, int writes, int deletes) => new()
    {
        FileId = group.FileId,
        Path = path,
        PartitionPath = partition,
        NumWrites = writes,
        NumUpdateWrites = writes,
        NumDeletes = deletes,
        TotalWriteBytes = length,
        FileSizeInBytes = length,
        RuntimeStats = new RuntimeStats(0, 0, 0),
    };
}
