using System.Text;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Text;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

/// <summary>Hudi's own plans executed here: the files and the commit say what Hudi's say.</summary>
public sealed class ExecuteGoldenTests
{
    [Theory]
    [InlineData("v6/mor_compaction_run_late")]
    [InlineData("v8/mor_compaction_run_late")]
    [InlineData("v9/mor_compaction_run_late")]
    [InlineData("v9/mor_compacted")]
    public async Task A_compaction_gives_Hudis_files(string name)
    {
        var golden = Golden.Open(name);
        var java = Java(golden);
        foreach (var done in (await java.LoadAsync()).Instants.Where(i => i is { Action: Actions.Commit, IsCompleted: true }))
        {
            var (past, planned) = await PlannedAsync(golden, java, done, Actions.Compaction);
            await new CompactionExecutor(past.Client, past.Config, await SettingsAsync(past)).ExecuteAsync(planned);
            var (theirs, ours) = (await java.ReadCommitMetadataAsync(done), await past.Client.ReadCommitMetadataAsync((await past.Client.LoadAsync()).FindCompletedWrite(done.RequestedTime)!));
            Assert.Equal((theirs.OperationType, theirs.Compacted), (ours.OperationType, ours.Compacted));
            Assert.Equal(theirs.ExtraMetadata[CommitMetadata.SchemaKey], ours.ExtraMetadata[CommitMetadata.SchemaKey]);
            foreach (var (want, got) in Pairs(theirs, ours))
            {
                Assert.Equal(
                    (want.PrevCommit, want.PrevBaseFile, want.PartitionPath, want.NumWrites, want.NumUpdateWrites, want.NumDeletes, want.Compacted!.Value.LogFiles, want.Compacted.Value.LogBlocks),
                    (got.PrevCommit, got.PrevBaseFile, got.PartitionPath, got.NumWrites, got.NumUpdateWrites, got.NumDeletes, got.Compacted!.Value.LogFiles, got.Compacted.Value.LogBlocks));

                // The older releases that made the others merged by commit time here, which 1.2 does not.
                if (golden.Version == 9)
                {
                    Assert.Equal(await RowsAsync(java.Store, want.Path!), await RowsAsync(past.Store, got.Path!));
                }
            }
        }
    }

    [Theory]
    [InlineData("v6/mor_log_compaction")]
    [InlineData("v8/mor_log_compaction")]
    [InlineData("v9/mor_log_compaction")]
    public async Task A_log_compaction_gives_Hudis_logs(string name)
    {
        var golden = Golden.Open(name);
        var java = Java(golden);
        var done = 0;
        foreach (var commit in (await java.LoadAsync()).Instants.Where(i => i is { Action: Actions.DeltaCommit, IsCompleted: true }))
        {
            var theirs = await java.ReadCommitMetadataAsync(commit);
            if (theirs.OperationType != WriteOperations.LogCompact)
            {
                continue;
            }

            done++;
            var (past, planned) = await PlannedAsync(golden, java, commit, Actions.LogCompaction);
            await new LogCompactionExecutor(past.Client, past.Config, await SettingsAsync(past)).ExecuteAsync(planned);
            var ours = await past.Client.ReadCommitMetadataAsync((await past.Client.LoadAsync()).FindCompletedWrite(commit.RequestedTime)!);
            Assert.Equal((theirs.OperationType, theirs.Compacted), (ours.OperationType, ours.Compacted));
            foreach (var (want, got) in Pairs(theirs, ours))
            {
                Assert.Equal(
                    (want.PartitionPath, want.NumWrites, want.NumUpdateWrites, want.NumDeletes, golden.Version == 6 || want.Log!.Version == got.Log!.Version, want.Compacted!.Value.LogFiles),
                    (got.PartitionPath, got.NumWrites, got.NumUpdateWrites, got.NumDeletes, true, got.Compacted!.Value.LogFiles));
                var (wanted, made) = (await BlockAsync(java.Store, want), await BlockAsync(past.Store, got));
                Assert.Equal(wanted.CompactedBlockTimes.Order(), made.CompactedBlockTimes.Order());
                Assert.Equal(wanted.InstantTime, made.InstantTime);
                Assert.Equal(wanted.Headers.Keys.Order(), made.Headers.Keys.Order());

                // Hudi 1.2 gives the rows the log compaction's commit time, the releases before it kept theirs, as a compaction does.
                Assert.Equal(await RowsAsync(java.Store, wanted, golden.Version < 9), await RowsAsync(past.Store, made, golden.Version < 9));
            }
        }

        Assert.True(done > 0);
    }

    private static TimelineClient Java(Golden golden) => new(new LocalObjectStore(golden.Table), TimelineLayout.For(golden.Version, ".hoodie/timeline", TimeZoneInfo.Utc), OllaLab.Lakehouse.LakehouseEnvironment.System);

    // The table as it was when the plan was made, with what other commits had completed by the time it was executed left out.
    private static async Task<(GoldenPast Past, Instant Planned)> PlannedAsync(Golden golden, TimelineClient java, Instant done, string action)
    {
        var past = await GoldenPast.CopyAsync(golden, done.RequestedTime);
        var planned = new Instant(done.RequestedTime, action, InstantState.Requested);
        await past.Store.PutAsync(past.Client.PathOf(planned), await java.Store.ReadAsync(java.PathOf(planned)), PutCondition.IfAbsent);
        return (past, planned);
    }

    private static async Task<CompactionSettings> SettingsAsync(GoldenPast past)
    {
        var schema = TableSchema.FromAvro((await past.Client.ReadLatestSchemaAsync(await past.Client.LoadAsync()))!);
        return new CompactionSettings(schema, MergeRule.Create(past.Config), ParquetSharpFormat.Instance, new BaseFileSettings { Threads = 2 }, new LogFileSettings(), 32 << 20, null);
    }

    private static IEnumerable<(WriteStat Java, WriteStat Ours)> Pairs(CommitMetadata theirs, CommitMetadata ours)
    {
        var got = ours.PartitionToWriteStats.Values.SelectMany(s => s).ToDictionary(s => s.FileId!);
        var want = theirs.PartitionToWriteStats.Values.SelectMany(s => s).ToList();
        Assert.Equal(want.Count, got.Count);
        return want.Select(w => (w, got[w.FileId!]));
    }

    // In the order of the file, but for the file's own name.
    private static async Task<string> RowsAsync(IObjectStore store, string path)
    {
        await using var file = await ParquetSharpFormat.Instance.OpenAsync(store, path, default);
        var text = new StringBuilder();
        await foreach (var batch in file.ReadAsync(new ParquetReadRequest { Columns = [.. file.Schema.FieldsList.Select(f => f.Name).Where(n => n != MetaColumns.FileName)] }, default))
        {
            text.Append(await LinesAsync(batch.Batch));
        }

        return text.ToString();
    }

    private static async Task<OllaLab.Lakehouse.Logs.LogBlock> BlockAsync(IObjectStore store, WriteStat log) =>
        Assert.Single(await OllaLab.Lakehouse.Logs.LogFileReader.ReadBlocksAsync(store, log.Path!, log.FileSizeInBytes, default).ToListAsync());

    private static async Task<string[]> RowsAsync(IObjectStore store, OllaLab.Lakehouse.Logs.LogBlock block, bool withCommits)
    {
        var reader = new OllaLab.Lakehouse.Logs.LogBlockReader(store, ParquetSharpFormat.Instance);
        var schema = reader.SchemaOf(block);
        var lines = new List<string>();
        await foreach (var batch in reader.ReadRowsAsync(block, schema, withCommits ? schema.ArrowWithMeta : schema.Arrow, 1_000, default))
        {
            lines.AddRange((await LinesAsync(batch)).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }

        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private static async Task<string> LinesAsync(Apache.Arrow.RecordBatch batch)
    {
        using var text = new MemoryStream();
        await using (var writer = new JsonLinesWriter(text, batch.Schema))
        {
            await writer.WriteAsync(batch);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
