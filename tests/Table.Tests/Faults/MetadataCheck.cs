using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.HFiles;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Faults;

/// <summary>
/// Holds what a metadata table that was not compacted says of files against the storage, by the rules of the format and not by the code that reads metadata tables: what committed instants
/// have written is listed with its size, and nothing else that readers would look for.
/// </summary>
internal static class MetadataCheck
{
    public static async Task RunAsync(IObjectStore store, string where)
    {
        var environment = LakehouseEnvironment.System;
        var config = await TableConfigFile.LoadAsync(store, environment);
        if (!config.MetadataPartitions.Contains(MetadataPartitions.Files))
        {
            return;
        }

        var client = new TimelineClient(store, config, environment);
        var timeline = await client.LoadAsync();
        var stored = await CommittedFiles.ListAsync(store, timeline, default);
        var listed = await ReadAsync(new MetadataFolder(client, config), timeline);
        var partitions = ((FilesPayload)listed[MetadataPartitions.AllPartitionsKey]!).Files.Keys;
        Assert.True(stored.Keys.Where(p => stored[p].Count > 0).Select(MetadataKeys.Files).All(partitions.Contains), $"{where}: partitions {string.Join(", ", partitions)}");
        foreach (var (partition, all) in stored)
        {
            var files = await WithoutPendingAsync(store, timeline, partition, all);
            var found = listed.GetValueOrDefault(MetadataKeys.Files(partition)) is FilesPayload payload ? payload.Files.ToDictionary(f => f.Key, f => f.Value.Size) : [];
            Assert.True(
                files.OrderBy(f => f.Key, StringComparer.Ordinal).SequenceEqual(found.OrderBy(f => f.Key, StringComparer.Ordinal)),
                $"{where}: partition '{partition}' has {string.Join(", ", files)}, and is said to have {string.Join(", ", found)}");
        }
    }

    // In version 6 a log's name does not tell who wrote it.
    private static async Task<Dictionary<string, long>> WithoutPendingAsync(IObjectStore store, ActiveTimeline timeline, string partition, IReadOnlyDictionary<string, long> files)
    {
        var pending = timeline.Pending.Select(i => i.RequestedTime).ToHashSet();
        var left = new Dictionary<string, long>();
        foreach (var (name, length) in files)
        {
            if (timeline.Layout.OrdersByCompletion || !name.StartsWith('.')
                || !LogFileReader.ReadBlocksAsync(store, ObjectPath.Join(partition, name), length, default).ToBlockingEnumerable().Any(b => pending.Contains(b.InstantTime!)))
            {
                left.Add(name, length);
            }
        }

        return left;
    }

    private static async Task<Dictionary<string, MetadataPayload?>> ReadAsync(MetadataFolder folder, ActiveTimeline data)
    {
        var own = await folder.Client.LoadAsync();
        var pending = data.Pending.Select(i => i.RequestedTime).ToHashSet();
        var counted = own.CompletedWrites.Where(i => !pending.Contains(i.RequestedTime)).OrderBy(i => i.CompletionTime, StringComparer.Ordinal).ToList();
        var merged = new Dictionary<string, MetadataPayload?>();

        // One writer, one schema.
        var schema = MetadataSchema.WithMetaFields(MetadataSchema.Of(folder.Config));
        if (!folder.Client.Layout.OrdersByCompletion)
        {
            await ReadVersion6Async(folder, counted.Select(i => i.RequestedTime).ToHashSet(), merged, schema);
            return merged;
        }

        foreach (var instant in counted)
        {
            await foreach (var file in folder.Store.ListAsync(MetadataPartitions.Files, recursive: false))
            {
                if (FileNames.TryParseBaseFile(string.Empty, file.Name, 0, out var parsed) && parsed.Instant == instant.RequestedTime)
                {
                    await MergeAsync(merged, await HFile.OpenAsync(folder.Store, file.Path, file.Length, default), schema);
                }
                else if (FileNames.TryParseLogFile(string.Empty, file.Name, 0, out var log) && log.Instant == instant.RequestedTime)
                {
                    await foreach (var block in LogFileReader.ReadBlocksAsync(folder.Store, file.Path, file.Length, default))
                    {
                        if (block.Type == LogBlockType.HFileData)
                        {
                            await MergeAsync(merged, await HFile.OpenAsync(new BlockContentStore(folder.Store, block), block.Path, block.ContentLength, default), schema);
                        }
                    }
                }
            }
        }

        return merged;
    }

    // Logs are named by their slice, and a command block undoes what came before it.
    private static async Task ReadVersion6Async(MetadataFolder folder, HashSet<string> counted, Dictionary<string, MetadataPayload?> merged, string schema)
    {
        var (blocks, logs) = (new List<LogBlock>(), new List<(LogFile Log, ObjectInfo Info)>());
        (BaseFile Base, ObjectInfo Info)? latest = null;
        await foreach (var file in folder.Store.ListAsync(MetadataPartitions.Files, recursive: false))
        {
            if (FileNames.TryParseBaseFile(string.Empty, file.Name, 0, out var found))
            {
                latest = counted.Contains(found.Instant) && (latest is null || string.CompareOrdinal(found.Instant, latest.Value.Base.Instant) > 0) ? (found, file) : latest;
            }
            else if (FileNames.TryParseLogFile(string.Empty, file.Name, 0, out var log))
            {
                logs.Add((log, file));
            }
        }

        // A compaction has taken in the logs of the slices before it.
        if (latest is { } start)
        {
            await MergeAsync(merged, await HFile.OpenAsync(folder.Store, start.Info.Path, start.Info.Length, default), schema);
            logs.RemoveAll(l => string.CompareOrdinal(l.Log.Instant, start.Base.Instant) < 0);
        }

        foreach (var (_, info) in logs.OrderBy(l => l.Log.Instant, StringComparer.Ordinal).ThenBy(l => l.Log.Version))
        {
            await foreach (var block in LogFileReader.ReadBlocksAsync(folder.Store, info.Path, info.Length, default))
            {
                if (block.Type == LogBlockType.Command)
                {
                    blocks.RemoveAll(b => b.InstantTime == block.Header(LogHeader.TargetInstantTime));
                }
                else if (block.Type == LogBlockType.HFileData && counted.Contains(block.InstantTime!))
                {
                    blocks.Add(block);
                }
            }
        }

        foreach (var block in blocks)
        {
            await MergeAsync(merged, await HFile.OpenAsync(new BlockContentStore(folder.Store, block), block.Path, block.ContentLength, default), schema);
        }
    }

    private static async Task MergeAsync(Dictionary<string, MetadataPayload?> merged, HFile file, string schema)
    {
        await foreach (var block in file.ReadDataBlocksAsync(default))
        {
            foreach (var (key, payload) in Cells(block, schema))
            {
                merged[key] = MetadataMerge.Merge(merged.GetValueOrDefault(key), payload);
            }
        }
    }

    private static List<(string Key, MetadataPayload Payload)> Cells(ReadOnlyMemory<byte> block, string schema)
    {
        var read = new List<(string, MetadataPayload)>();
        var cells = new HFileCells(block.Span, "cells");
        while (cells.MoveNext())
        {
            read.Add((System.Text.Encoding.UTF8.GetString(cells.Key), MetadataRecordCodec.For(schema).Read(cells.Value)));
        }

        return read;
    }
}
