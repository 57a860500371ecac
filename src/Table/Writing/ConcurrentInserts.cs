using System.Runtime.CompilerServices;
using Apache.Arrow;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// Whether another writer has stored a key since this write looked that an upsert found new, or an overwriting brings: the key would be in two file groups; or that a delete did not find. Hudi compares file
/// groups alone and lets it happen (format G.6). Only new keys in partitions into which both have put new rows are read; what was looked at before the lock is not looked at again under it. Buckets need none
/// of it: a key's file group is known.
/// </summary>
internal sealed class ConcurrentInserts(TableState before, WritePlan plan, IReadOnlyList<WrittenFile> files, AbsentDeletes absent, string instant)
{
    // Keys held in memory at once.
    private const int Chunk = 500_000;
    private readonly List<WrittenFile> mine = (plan.Tags || plan.Overwrites) && plan.Index.Buckets is null ? [.. files.Where(f => f.Stat.NumInserts > 0 && f.Stat.Log is null)] : [];
    // Reads the files themselves: an index elsewhere does not know them yet.
    private readonly IIndex index = Indexes.Create(Indexes.Simple, new IndexSettings(before.Store, plan.Format) { Parallelism = plan.Resources.Threads, VirtualKeys = before.Config.PopulateMetaFields ? null : plan.Keys });
    private readonly HashSet<string> seen = new(StringComparer.Ordinal) { instant };

    /// <param name="now">The timeline: before the lock is taken, and again under it.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="LakehouseException"><see cref="LakehouseErrorKind.Conflict"/>, with the other's instant and file.</exception>
    public async ValueTask CheckAsync(ActiveTimeline now, CancellationToken cancellationToken)
    {
        var spaces = mine.Select(f => SpaceOf(f.PartitionPath)).Union(absent.Spaces).ToList();
        if (spaces.Count > 0)
        {
            await ArchivedMeanwhile.RefuseAsync(before, now, instant, cancellationToken);
        }

        foreach (var other in now.CompletedWrites.Where(i => before.Timeline.FindCompletedWrite(i.RequestedTime) is null && spaces.Count > 0 && !seen.Contains(i.RequestedTime)))
        {
            var metadata = await before.Client.ReadCommitMetadataAsync(other, cancellationToken);
            if (metadata.OperationType is not (WriteOperations.Compact or WriteOperations.LogCompact or WriteOperations.Cluster))
            {
                await CheckAsync(other, metadata, spaces, cancellationToken);
            }

            seen.Add(other.RequestedTime);
        }
    }

    private async ValueTask CheckAsync(Instant other, CommitMetadata metadata, IReadOnlyList<string> spaces, CancellationToken cancellationToken)
    {
        var theirs = metadata.PartitionToWriteStats.SelectMany(p => p.Value.Where(s => s.NumInserts > 0 && s.Path is not null).Select(s => (Partition: p.Key, Stat: s))).ToList();
        foreach (var space in spaces)
        {
            var stats = theirs.Where(t => SpaceOf(t.Partition) == space).ToList();
            if (stats.FirstOrDefault(t => t.Stat.Log is not null) is { Stat: { } log })
            {
                throw Conflict(other, log, "logged new rows whose keys cannot be looked up");
            }

            var slices = stats.Select(t => Slice(t.Partition, t.Stat)).ToList();
            await foreach (var keys in slices.Count == 0 ? AsyncEnumerable.Empty<KeyMap?>() : KeysAsync(mine.Where(f => SpaceOf(f.PartitionPath) == space), cancellationToken).Append(absent.KeysOf(space)))
            {
                if (keys is null)
                {
                    throw Conflict(other, stats[0].Stat, "stored new keys, which may be among the many that this write deletes");
                }

                if (keys.Count > 0 && await index.TagAsync(keys, slices, cancellationToken) is [var found, ..])
                {
                    throw Conflict(other, stats.First(t => t.Stat.FileId == found.Slice.FileId).Stat, $"stored a key that this write stores or deletes too ('{System.Text.Encoding.UTF8.GetString(keys[found.Keys[0]])}')");
                }
            }
        }
    }

    private string SpaceOf(string partition) => plan.Index.IsGlobal ? string.Empty : partition;

    private static FileSlice Slice(string partition, WriteStat stat)
    {
        var name = stat.Path![(stat.Path!.LastIndexOf('/') + 1)..];
        return FileNames.TryParseBaseFile(partition, name, stat.FileSizeInBytes, out var file)
            ? new FileSlice(partition, file.FileId, file.Instant, file, [])
            : throw new LakehouseException(LakehouseErrorKind.Unsupported, "A commit names a base file that is none", path: stat.Path, remedy: "Repeat the write when no other writer is at work");
    }

    // The keys that this write has changed or added: a rewritten file holds others too.
    private async IAsyncEnumerable<KeyMap?> KeysAsync(IEnumerable<WrittenFile> written, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var keys = new KeyMap();
        var withMeta = before.Config.PopulateMetaFields;
        foreach (var file in written)
        {
            await using var parquet = await plan.Format.OpenAsync(before.Store, file.Stat.Path!, cancellationToken);
            var request = new ParquetReadRequest { Columns = withMeta ? [MetaColumns.RecordKey, MetaColumns.CommitTime] : plan.Keys.Columns };
            await foreach (var read in parquet.ReadAsync(request, cancellationToken))
            {
                using var batch = read.Batch;
                var column = withMeta ? (StringArray)batch.Column(0) : plan.Keys.Generate(batch, read.FirstRow).RecordKeys;
                int[] rows = [.. Enumerable.Range(0, batch.Length).Where(i => !withMeta || ((StringArray)batch.Column(1)).GetString(i) == instant)];
                if (rows.Length > 0)
                {
                    keys.AddAll((StringArray)Kernels.Take(column, rows), new int[rows.Length]);
                }

                if (keys.Count >= Chunk)
                {
                    yield return keys;
                    keys = new KeyMap();
                }
            }
        }

        if (keys.Count > 0)
        {
            yield return keys;
        }
    }

    private LakehouseException Conflict(Instant other, WriteStat stat, string what) => new(
        LakehouseErrorKind.Conflict, $"another writer {what}, in {other.RequestedTime}", before.Store.Root, stat.Path, instant, "Repeat the write");
}
