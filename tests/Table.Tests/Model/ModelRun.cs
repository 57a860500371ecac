using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Model;

/// <summary>Carries out a history on a table and on the model, and compares after each step.</summary>
internal sealed class ModelRun(History history, IObjectStore store)
{
    private readonly TableModel model = history.MergeOnRead ? new LogModel(history.EventTime, history.Partial) : new TableModel(history.EventTime, history.Partial);
    private readonly List<(WriteResult Result, List<StoredRow> Rows)> commits = [];

    public static async Task CheckAsync(History history)
    {
        await new ModelRun(history, new MemoryObjectStore("model")).RunAsync();
    }

    public async Task RunAsync()
    {
        var resources = new LakehouseOptions { Threads = history.Threads, ExactMemoryBudget = history.Memory };
        var options = new TableOptions
        {
            Name = "model",
            Type = history.MergeOnRead ? TableType.MergeOnRead : TableType.CopyOnWrite,
            Keys = ["id"],
            Partitions = history.Partitioned ? ["part"] : [],
            Ordering = history.EventTime ? ["ts"] : [],
            TableVersion = history.Version,
            Properties = Properties(),
            HiveStylePartitioning = history.HiveStyle,
        };
        await using var table = await LakehouseTable.CreateAsync(store, Row.Schema, options, resources);
        foreach (var planned in history.Steps)
        {
            var step = model is LogModel logs && planned.Operation is (WriteOperation.Upsert or WriteOperation.Delete) ? planned with { Rows = [.. planned.Rows.Where(r => !logs.DependsOnGroups(r))] } : planned;
            var write = new WriteOptions
            {
                Index = step.Index,
                ExactRowGroupRows = history.RowGroupRows,
                ExactMaxFileSize = history.MaxFileSize,
                SmallFileLimit = history.SmallFileLimit,
                CombineBeforeInsert = step.Combine,
                BulkInsertSort = step.Sort,
                BloomEntries = 100,
                MaxLogBlockSize = history.MaxFileSize / 20,
                MaxLogFileSize = history.MaxFileSize,
                LogBlockFormat = history.RowGroupRows == 7 ? LogBlockFormat.Parquet : LogBlockFormat.Avro,
                RecordPositions = history.Threads > 1,
            };
            var result = await table.WriteAsync(step.Operation, Row.ToBatches(step.Rows, step.BatchRows).ToAsyncEnumerable(), write);
            var counts = model.Apply(step, result.Instant ?? "none");
            Assert.Equal(counts, new WriteCounts(result.Inserted, result.Updated, result.Deleted, result.Instant is not null));
            Assert.Equal(step.Rows.Count, result.InputRows);
            Assert.Empty(result.RolledBack);
            await CompareAsync(table, model.Rows, new ReadOptions());
            if (result.Instant is not null)
            {
                commits.Add((result, model.Rows));
                await CheckStatsAsync(table, result);
            }

            if (step.Then == Compacts.Table)
            {
                await CompactAsync(table);
            }
            else if (step.Then == Compacts.Clusters)
            {
                await ClusterAsync(table, step);
            }
            else if (step.Then == Compacts.Logs && !history.Partial)
            {
                await table.LogCompactAsync(new CompactionOptions { LogBlocksThreshold = 2 });
                await CompareAsync(table, model.Rows, new ReadOptions());
            }
        }

        await using var fresh = await LakehouseTable.OpenAsync(store);
        await CompareAsync(fresh, model.Rows, new ReadOptions());
        for (var i = 0; i < commits.Count; i++)
        {
            await CompareAsync(fresh, commits[i].Rows, new ReadOptions { AsOf = commits[i].Result.Instant });
            for (var from = -1; from < i && !history.MergeOnRead; from++)
            {
                var changed = commits[i].Rows.Where(r => from < 0 || string.CompareOrdinal(r.Commit, commits[from].Result.Instant) > 0).ToList();
                await CompareAsync(fresh, changed, new ReadOptions { Begin = from < 0 ? "000" : TimeOf(from), End = TimeOf(i) });
            }
        }
    }

    private Dictionary<string, string> Properties()
    {
        var properties = new Dictionary<string, string>();
        if (history.Partial)
        {
            properties["hoodie.table.partial.update.mode"] = "IGNORE_DEFAULTS";
        }

        if (history.Steps.Any(s => s.Index == IndexType.Bucket))
        {
            properties["hoodie.bucket.index.num.buckets"] = "3";
        }

        return properties;
    }

    private async Task CompactAsync(LakehouseTable table)
    {
        await table.CompactAsync();
        ((LogModel)model).Compact();
        await CompareAsync(table, model.Rows, new ReadOptions());
        await CompareAsync(table, model.Rows, new ReadOptions { ReadOptimized = true });
        Assert.Empty(await table.CompactAsync());
        Assert.DoesNotContain(".hoodie/.temp", await PathsAsync());
    }

    // In a merge-on-read table each file on its own: two rows of a key must not come together in one (see History).
    private async Task ClusterAsync(LakehouseTable table, Step step)
    {
        await table.ClusterAsync(new ClusteringOptions
        {
            Strategy = history.MergeOnRead ? ClusteringStrategy.SingleFile : ClusteringStrategy.Size,
            SortColumns = step.Sort == BulkInsertSort.Global ? ["text", "number"] : [],
            Layout = (ClusteringLayout)(step.Rows.Count % 3),
            TargetFileSize = history.MaxFileSize,
            MaxGroupSize = 4 * history.MaxFileSize,
        });
        (model as LogModel)?.Compact();
        await CompareAsync(table, model.Rows, new ReadOptions());
        await CompareAsync(table, model.Rows, new ReadOptions { ReadOptimized = true });
        Assert.DoesNotContain(".hoodie/.temp", await PathsAsync());
    }

    private string TimeOf(int commit) => history.Version == 6 ? commits[commit].Result.Instant! : commits[commit].Result.CompletionTime!;

    private static async Task<List<string[]>> ReadAsync(LakehouseTable table, ReadOptions options)
    {
        var rows = new List<string[]>();
        await foreach (var batch in table.ReadAsync(options))
        {
            using (batch)
            {
                Assert.NotEqual(0, batch.Length);
                for (var row = 0; row < batch.Length; row++)
                {
                    rows.Add([.. batch.Arrays.Select(a => Text(a, row))]);
                }
            }
        }

        return rows;
    }

    private async Task CompareAsync(LakehouseTable table, List<StoredRow> expected, ReadOptions options)
    {
        var rows = await ReadAsync(table, options);
        var partition = history.Partitioned ? (history.HiveStyle ? "part=" : string.Empty) : null;
        string Path(Row row) => partition is null ? string.Empty : partition + row.Part;
        Assert.Equal(
            expected.Select(r => $"{r.Commit} {r.Data.Id} {Path(r.Data)} {r.Data.Id} {r.Data.Part} {r.Data.Ts} {r.Data.Text ?? "null"} {Str(r.Data.Number)} {Str(r.Data.Deleted)}").Order(StringComparer.Ordinal),
            rows.Select(r => string.Join(' ', [r[0], r[2], r[3], .. r[5..]])).Order(StringComparer.Ordinal));
        Assert.Equal(rows.Count, rows.Select(r => r[1]).Distinct().Count());
        foreach (var file in rows.GroupBy(r => (r[3], r[4])))
        {
            // A row of a log names its file group only.
            var name = file.Key.Item2;
            Assert.True(history.MergeOnRead || name.EndsWith(".parquet", StringComparison.Ordinal));
            Assert.True(!name.EndsWith(".parquet", StringComparison.Ordinal) || await store.GetInfoAsync(file.Key.Item1.Length == 0 ? name : $"{file.Key.Item1}/{name}") is not null);
            Assert.All(file, r => Assert.StartsWith(r[0] + "_", r[1], StringComparison.Ordinal));
        }
    }

    private async Task CheckStatsAsync(LakehouseTable table, WriteResult result)
    {
        var state = await table.RefreshAsync();
        var instant = state.Timeline.FindCompletedWrite(result.Instant!)!;
        var metadata = await state.Client.ReadCommitMetadataAsync(instant);
        var stats = metadata.PartitionToWriteStats.SelectMany(p => p.Value).ToList();
        Assert.Equal((result.Inserted, result.Updated, result.Deleted), (stats.Sum(s => s.NumInserts), stats.Sum(s => s.NumUpdateWrites), stats.Sum(s => s.NumDeletes)));
        Assert.Equal((result.FilesWritten, result.BytesWritten), (stats.Count, stats.Sum(s => s.FileSizeInBytes)));
        Assert.All(stats, s => Assert.Equal(0, s.TotalWriteErrors));
        var rows = (await ReadAsync(table, new ReadOptions())).GroupBy(r => r[4]).ToDictionary(g => g.Key, g => g.Count());
        foreach (var stat in stats)
        {
            if (!history.MergeOnRead)
            {
                Assert.Equal(rows.GetValueOrDefault(stat.Path![(stat.Path!.LastIndexOf('/') + 1)..]), stat.NumWrites);
            }

            Assert.Equal((await store.GetInfoAsync(stat.Path!))!.Value.Length, stat.FileSizeInBytes);
        }

        Assert.DoesNotContain(".hoodie/.temp", await PathsAsync());
    }

    private async Task<string> PathsAsync() => string.Join('\n', await store.ListAsync(string.Empty, recursive: true).Select(o => o.Path).ToListAsync());

    private static string Str(object? value) => value?.ToString() ?? "null";

    private static string Text(IArrowArray array, int row) => array.IsNull(row) ? "null" : array switch
    {
        StringArray a => a.GetString(row),
        Int64Array a => Str(a.GetValue(row)),
        Int32Array a => Str(a.GetValue(row)),
        BooleanArray a => Str(a.GetValue(row)),
        _ => throw new InvalidOperationException(array.GetType().Name),
    };
}
