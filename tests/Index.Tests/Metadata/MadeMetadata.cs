using System.Text;
using OllaLab.Lakehouse.AvroRows;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Index.Tests.Metadata;

/// <summary>The files of a metadata table of version 9, as one commit and those of an earlier compaction leave them; there are no data files.</summary>
internal static class MadeMetadata
{
    public const string Instant = "20260101000000000";
    private const string Compaction = "20250101000000000";

    public static async Task BeginAsync(IObjectStore store, string partitions)
    {
        const string Properties = "hoodie.table.name=t\nhoodie.table.version=9\nhoodie.table.type=COPY_ON_WRITE\n";
        await PutAsync(store, ".hoodie/hoodie.properties", Properties + $"hoodie.table.metadata.partitions={partitions}\n");
        await PutAsync(store, $".hoodie/timeline/{Instant}_20260101000001000.commit", "{}");
        await PutAsync(store, ".hoodie/metadata/.hoodie/hoodie.properties", Properties);
        await PutAsync(store, $".hoodie/metadata/.hoodie/timeline/{Compaction}_20250101000000500.commit", "{}");
        await PutAsync(store, $".hoodie/metadata/.hoodie/timeline/{Instant}_20260101000000500.deltacommit", "{}");
    }

    public static async Task PutLogAsync(IObjectStore store, string partition, string fileId, IEnumerable<MetadataRecord> records, int version = 1)
    {
        var headers = new Dictionary<LogHeader, string> { [LogHeader.InstantTime] = Instant, [LogHeader.Schema] = MetadataSchemas.Newest };
        await using var log = await LogFileWriter.CreateAsync(store, $".hoodie/metadata/{partition}/.{fileId}_{Instant}.log.{version}_0-0-0", CancellationToken.None);
        var live = records.Where(r => r.Payload is not null).ToList();
        if (live.Count > 0)
        {
            await log.AppendHFileAsync(HFileOf(live), headers, CancellationToken.None);
        }

        var deleted = new Apache.Arrow.StringArray.Builder().AppendRange(records.Where(r => r.Payload is null).Select(r => r.Key)).Build();
        await log.AppendDeletesAsync(deleted, partition, null, new Dictionary<LogHeader, string> { [LogHeader.InstantTime] = Instant }, CancellationToken.None);
        await log.CompleteAsync(CancellationToken.None);
    }

    public static async Task PutBaseAsync(IObjectStore store, string partition, string fileId, IEnumerable<MetadataRecord> records) =>
        await store.PutAsync($".hoodie/metadata/{partition}/{fileId}_0-0-0_{Compaction}.hfile", HFileOf(records), PutCondition.None);

    private static byte[] HFileOf(IEnumerable<MetadataRecord> records)
    {
        using var target = new MemoryStream();
        var file = new HFileWriter(target, HFileCodec.Gzip, Encoding.UTF8.GetBytes(MetadataSchemas.Newest));
        var codec = MetadataRecordCodec.For(MetadataSchemas.Newest);
        foreach (var record in records.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            using var value = new AvroOutput();
            codec.Write(value, record.Payload!);
            file.Add(Encoding.UTF8.GetBytes(record.Key), value.Written.Span);
        }

        file.Finish();
        return target.ToArray();
    }

    private static async Task PutAsync(IObjectStore store, string path, string text) => await store.PutAsync(path, Encoding.UTF8.GetBytes(text), PutCondition.None);
}
