using System.Text;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>Executes a compaction of the metadata table: each file group's records and logs become one base file, whose records name it (HoodieCompactor).</summary>
/// <param name="folder">The metadata table.</param>
/// <param name="schema">The records' schema, without meta fields.</param>
internal sealed class MetadataCompaction(MetadataFolder folder, string schema)
{
    private readonly string withMeta = MetadataSchema.WithMetaFields(schema);

    public async ValueTask RunAsync(Instant planned, CancellationToken cancellationToken)
    {
        var client = folder.Client;
        var plan = await client.ReadCompactionPlanAsync(planned, cancellationToken);
        var inflight = planned.State == InstantState.Inflight ? planned : await client.StartAsync(planned, cancellationToken: cancellationToken);
        var timeline = await client.LoadAsync(cancellationToken: cancellationToken);
        var slices = await PlannedSlices.OfCompactionAsync(new FileSystemView(client, timeline), planned.RequestedTime, plan, cancellationToken);
        var stats = new List<WriteStat>();
        foreach (var slice in slices)
        {
            stats.Add(await WriteAsync(timeline, planned.RequestedTime, slice, stats.Count, cancellationToken));
        }

        var metadata = new CommitMetadata
        {
            PartitionToWriteStats = stats.GroupBy(s => s.PartitionPath!).ToDictionary(p => p.Key, p => (IReadOnlyList<WriteStat>)[.. p]),
            ExtraMetadata = new Dictionary<string, string> { [CommitMetadata.SchemaKey] = schema },
            OperationType = WriteOperations.Compact,
            Compacted = true,
        };
        await client.CompleteAsync(inflight, CommitMetadataCodec.Write(metadata, client.Layout.Version), cancellationToken);
    }

    private async ValueTask<WriteStat> WriteAsync(ActiveTimeline timeline, string instant, FileSlice slice, int number, CancellationToken cancellationToken)
    {
        await RemoveAsync(instant, slice, cancellationToken);
        var clock = folder.Data.Environment.Clock;
        var started = clock.GetTimestamp();
        var blocks = await LogScan.SelectAsync(folder.Store, slice.Logs, new LogInstants(timeline, Selected: true), cancellationToken);
        var changes = await MetadataChanges.ReadAsync(folder.Store, blocks, cancellationToken);
        long millis = (long)clock.GetElapsedTime(started).TotalMilliseconds;

        var name = FileNames.MakeBaseFile(instant, FileNames.MakeWriteToken(number, 0, 0), slice.FileId, ".hfile");
        var path = slice.PartitionPath + "/" + name;
        await using var target = await folder.Store.CreateAsync(path, Durability.Deferred, cancellationToken);
        var file = new MetadataBaseFile(new HFileWriter(target.Stream, HFileCodec.Gzip, Encoding.UTF8.GetBytes(withMeta)), MetadataRecordCodec.For(withMeta), name, changes);
        if (slice.Base is { } stored)
        {
            var read = await HFile.OpenAsync(folder.Store, stored.Path, stored.Length, cancellationToken);
            var codec = MetadataRecordCodec.For(Encoding.UTF8.GetString(read.Info.GetValueOrDefault(HFileInfo.Schema).Span));
            await foreach (var cells in read.ReadDataBlocksAsync(cancellationToken))
            {
                file.Add(cells.Span, codec, stored.Path);
            }
        }

        file.Finish();
        long length = await target.CompleteAsync(cancellationToken);
        return new WriteStat
        {
            FileId = slice.FileId,
            Path = path,
            PartitionPath = slice.PartitionPath,
            PrevCommit = slice.BaseInstant,
            NumWrites = file.Rows,
            NumInserts = file.Inserted,
            NumUpdateWrites = file.Updated,
            NumDeletes = file.Deleted,
            TotalWriteBytes = length,
            FileSizeInBytes = length,
            Compacted = new CompactedStat(slice.Logs.Count, slice.Logs.Sum(l => l.Length), blocks.Count, changes.Records, changes.Keys.Length, millis),
            RuntimeStats = new RuntimeStats(millis, 0, (long)clock.GetElapsedTime(started).TotalMilliseconds - millis),
        };
    }

    /// <summary>What an earlier run of the same plan left: a slice has one base file.</summary>
    private async ValueTask RemoveAsync(string instant, FileSlice slice, CancellationToken cancellationToken)
    {
        foreach (var name in await folder.Store.ListNamesAsync(slice.PartitionPath, cancellationToken))
        {
            if (FileNames.TryParseBaseFile(slice.PartitionPath, name, 0, out var left) && left.FileId == slice.FileId && left.Instant == instant)
            {
                await folder.Store.DeleteAsync(left.Path, cancellationToken);
            }
        }
    }
}
