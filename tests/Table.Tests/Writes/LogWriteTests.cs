using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>What writes to merge-on-read tables leave on disk: which changes are logged, how logs are named, what is in them and what the commit says of them.</summary>
public sealed class LogWriteTests
{
    public static TheoryData<int> Versions => [6, 8, 9];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Changes_of_stored_rows_are_logged_by_position(int version)
    {
        var (store, table) = await MakeAsync(version);
        await using var _ = table;
        var result = await table.UpsertAsync([Row.ToBatch([TestTable.Of(8, 5), TestTable.Of(2, 5), TestTable.Of(4, 7, deleted: true), TestTable.Of(500, 5, deleted: true)])]);

        Assert.Equal((0L, 2L, 1L), (result.Inserted, result.Updated, result.Deleted));
        var log = Assert.Single(await LogsAsync(store));
        var blocks = await BlocksAsync(store, log.Path);
        Assert.Equal([LogBlockType.AvroData, LogBlockType.Delete], blocks.Select(b => b.Type));
        Assert.All(blocks, b => Assert.Equal(result.Instant, b.InstantTime));
        var rows = await RowsAsync(store, blocks[0]);
        var fileId = log.FileId;
        Assert.Equal([$"{result.Instant} k002 a {fileId} 5 text 5", $"{result.Instant} k008 a {fileId} 5 text 5"], rows.Order());
        var deletes = await new LogBlockReader(store, new ParquetSharpFormat()).ReadDeletesAsync(blocks[1], default);
        Assert.Equal((1, "k004", "a", false), (deletes.Count, deletes.Keys.GetString(0), deletes.PartitionPaths.GetString(0), deletes.IsCommitTime(0)));

        var stored = await KeysAsync(store, "a/");
        var (commit, metadata) = await LatestAsync(table);
        Assert.Equal((Actions.DeltaCommit, WriteOperations.Upsert), (commit.Action, metadata.OperationType));
        var stat = Assert.Single(metadata.PartitionToWriteStats["a"]);
        Assert.Equal((2L, 2L, 1L, 0L, log.Path, log.Length), (stat.NumWrites, stat.NumUpdateWrites, stat.NumDeletes, stat.NumInserts, stat.Path, stat.FileSizeInBytes));
        Assert.Equal((1, 1, log.FileName), (log.Version, stat.Log!.Version, Assert.Single(stat.Log.LogFiles)));
        if (version == 6)
        {
            Assert.Equal((stored.Instant, stored.Instant, stored.Name), (log.Instant, stat.PrevCommit, stat.Log.BaseFile));
            Assert.All(blocks, b => Assert.Null(b.Header(LogHeader.RecordPositions)));
            return;
        }

        Assert.Equal((result.Instant, result.Instant, string.Empty), (log.Instant, stat.PrevCommit, stat.Log.BaseFile));
        Assert.All(blocks, b => Assert.Equal(stored.Instant, b.Header(LogHeader.BaseFileInstantTimeOfRecordPositions)));
        var positions = RecordPositions.Decode(blocks[0].Header(LogHeader.RecordPositions)!);
        Assert.Equal(rows.Select(r => r.Split(' ')[1]), positions.Select(p => stored.Keys[(int)p]));
        Assert.Equal(["k004"], RecordPositions.Decode(blocks[1].Header(LogHeader.RecordPositions)!).Select(p => stored.Keys[(int)p]));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Deletes_by_key_carry_no_ordering_value(int version)
    {
        var (store, table) = await MakeAsync(version);
        await using var _ = table;
        var result = await table.DeleteAsync([Row.ToBatch([TestTable.Of(1, 0), TestTable.Of(3, 0), TestTable.Of(777, 0)])]);
        Assert.Equal((0L, 2L), (result.Updated, result.Deleted));
        var block = Assert.Single(await BlocksAsync(store, Assert.Single(await LogsAsync(store)).Path));
        var deletes = await new LogBlockReader(store, new ParquetSharpFormat()).ReadDeletesAsync(block, default);
        Assert.Equal(2, deletes.Count);
        Assert.True(deletes.IsCommitTime(0) && deletes.IsCommitTime(1));
        Assert.Equal(WriteOperations.Delete, (await LatestAsync(table)).Metadata.OperationType);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task New_rows_go_to_a_small_file_without_logs_else_to_a_new_one(int version)
    {
        var (store, table) = await MakeAsync(version);
        await using var _ = table;

        // An insert finds the small file without logs: the base file is rewritten with its updates in it, in the delta commit, and nothing is logged.
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5), TestTable.Of(600, 5)])]);
        Assert.Empty(await LogsAsync(store));
        var (commit, metadata) = await LatestAsync(table);
        Assert.Equal(Actions.DeltaCommit, commit.Action);
        var stat = Assert.Single(metadata.PartitionToWriteStats["a"]);
        Assert.Equal((1L, 1L, 16L), (stat.NumInserts, stat.NumUpdateWrites, stat.NumWrites));
        Assert.Null(stat.Log);

        // With a log it stays as it is, and the insert begins a new file group.
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 6)])]);
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 7), TestTable.Of(602, 5)])]);
        var stats = (await LatestAsync(table)).Metadata.PartitionToWriteStats["a"];
        Assert.Equal([false, true], stats.Select(s => s.Log is null).Order());
        Assert.Equal("null", stats.Single(s => s.Log is null).PrevCommit);
        Assert.Equal(2, (await LogsAsync(store)).Count);

        await table.InsertAsync([Row.ToBatch([TestTable.Of(604, 5)])]);
        Assert.Equal(2, (await LatestAsync(table)).Metadata.PartitionToWriteStats["a"].Single().NumWrites);
        Assert.Equal(Actions.DeltaCommit, (await LatestAsync(table)).Commit.Action);
        await table.BulkInsertAsync([Row.ToBatch([TestTable.Of(606, 5)])]);
        Assert.Equal(Actions.Commit, (await LatestAsync(table)).Commit.Action);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Logs_are_rolled_by_size_and_count_on(int version)
    {
        var (store, table) = await MakeAsync(version);
        await using var _ = table;
        var write = new WriteOptions { MaxLogBlockSize = 100, MaxLogFileSize = 2_000 };
        var result = await table.UpsertAsync([Row.ToBatch([.. Enumerable.Range(0, 12).Select(i => TestTable.Of(i * 2, 5))])], write);
        var logs = await LogsAsync(store);
        Assert.True(logs.Count > 1, "one log");
        Assert.Equal(Enumerable.Range(1, logs.Count), logs.Select(l => l.Version).Order());
        var rows = 0;
        var seen = new List<long>();
        foreach (var log in logs)
        {
            var blocks = await BlocksAsync(store, log.Path);
            foreach (var block in blocks)
            {
                rows += (await RowsAsync(store, block)).Count;
                seen.AddRange(block.Header(LogHeader.RecordPositions) is { } p ? RecordPositions.Decode(p) : []);
            }
        }

        Assert.Equal(12, rows);
        Assert.Equal(version == 6 ? 0 : 12, seen.Distinct().Count());
        var stats = (await LatestAsync(table)).Metadata.PartitionToWriteStats["a"];
        Assert.Equal(logs.Select(l => l.Path).Order(), stats.Select(s => s.Path!).Order());
        Assert.Equal((12L, 12L), (stats.Sum(s => s.NumUpdateWrites), result.Updated));

        await table.DeleteAsync([Row.ToBatch([TestTable.Of(2, 0)])]);
        var later = (await LogsAsync(store)).ExceptBy(logs.Select(l => l.Path), l => l.Path).Single();
        Assert.Equal(version == 6 ? logs.Count + 1 : 1, later.Version);
        if (version == 6)
        {
            Assert.Equal(logs.Count + 1, (await LatestAsync(table)).Metadata.PartitionToWriteStats["a"].Single().Log!.LogFiles.Count);
        }
    }

    [Fact]
    public async Task Rows_are_logged_in_Parquet_when_asked_and_without_positions_when_asked()
    {
        var (store, table) = await MakeAsync(9);
        await using var _ = table;
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5), TestTable.Of(4, 5)])], new WriteOptions { LogBlockFormat = LogBlockFormat.Parquet, RecordPositions = false });
        var block = Assert.Single(await BlocksAsync(store, Assert.Single(await LogsAsync(store)).Path));
        Assert.Equal(LogBlockType.ParquetData, block.Type);
        Assert.Null(block.Header(LogHeader.RecordPositions));
        Assert.Null(block.Header(LogHeader.BaseFileInstantTimeOfRecordPositions));
        Assert.Equal(2, (await RowsAsync(store, block)).Count);
    }

    [Fact]
    public async Task Virtual_keys_leave_the_meta_columns_of_logs_empty()
    {
        var (store, table) = await MakeAsync(9, populateMetaFields: false);
        await using var _ = table;
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5)])]);
        var block = Assert.Single(await BlocksAsync(store, Assert.Single(await LogsAsync(store)).Path));
        Assert.Equal("    5 text 5", Assert.Single(await RowsAsync(store, block)));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task The_latest_delta_commit_is_rolled_back(int version)
    {
        var (store, table) = await MakeAsync(version);
        await using var _ = table;
        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5)])]);
        var before = await LogsAsync(store);
        var result = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 6), TestTable.Of(3, 6)])]);
        var state = await table.RefreshAsync();
        var done = await new RollbackExecutor(state.Client, state.Config).RollBackAsync(result.Instant!);

        Assert.Equal(Actions.DeltaCommit, done.Action);
        Assert.Empty((await table.RefreshAsync()).Timeline.Find(result.Instant!));
        var added = (await LogsAsync(store)).ExceptBy(before.Select(l => l.Path), l => l.Path).ToList();
        if (version >= 8)
        {
            Assert.Equal((0, 2), (added.Count, done.DeletedFiles.Count));
            return;
        }

        // Partition a: the failed log and the command after it; b: the same. The logs stay.
        Assert.Equal((4, 0), (added.Count, done.DeletedFiles.Count));
        foreach (var slice in added.GroupBy(l => l.FileId))
        {
            var (failed, command) = (slice.MinBy(l => l.Version)!, slice.MaxBy(l => l.Version)!);
            Assert.Equal((failed.Version + 1, failed.Instant, "1-0-1"), (command.Version, command.Instant, command.WriteToken));
            var block = Assert.Single(await BlocksAsync(store, command.Path));
            Assert.Equal((LogBlockType.Command, done.Rollback, result.Instant), (block.Type, block.InstantTime, block.TargetInstantTime));
            Assert.Single(done.UndoneLogs, l => l.EndsWith(failed.Path, StringComparison.Ordinal));
        }

        await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 7)])]);
        Assert.Equal(4, (await LogsAsync(store)).Where(l => l.PartitionPath == "a").Max(l => l.Version));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_delta_commit_whose_markers_are_gone_is_rolled_back_by_its_blocks(int version)
    {
        var (store, table) = await MakeAsync(version);
        await using var _ = table;
        var result = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 6), TestTable.Of(3, 6)])]);
        var state = await table.RefreshAsync();
        await store.DeleteAsync(state.Client.PathOf(state.Timeline.FindCompletedWrite(result.Instant!)!));

        var next = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 7)])]);
        Assert.Equal([result.Instant!], next.RolledBack);
        Assert.Equal(version == 6 ? ["a 1", "a 2", "a 3", "b 1", "b 2"] : ["a 1"], (await LogsAsync(store)).Select(l => $"{l.PartitionPath} {l.Version}").Order());
    }

    private static async Task<(MemoryObjectStore Store, LakehouseTable Table)> MakeAsync(int version, bool populateMetaFields = true)
    {
        var store = new MemoryObjectStore("logs");
        var options = new TableOptions { Name = "t", Type = TableType.MergeOnRead, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version, PopulateMetaFields = populateMetaFields };
        var table = await LakehouseTable.CreateAsync(store, Row.Schema, options, new LakehouseOptions { Threads = 2 });
        Assert.Equal(TableType.MergeOnRead, table.Type);
        await table.InsertAsync([Row.ToBatch(TestTable.First.ToList())]);
        return (store, table);
    }

    private static async Task<List<LogFile>> LogsAsync(MemoryObjectStore store)
    {
        var logs = new List<LogFile>();
        await foreach (var entry in store.ListAsync(string.Empty, recursive: true))
        {
            if (!entry.Path.StartsWith(".hoodie", StringComparison.Ordinal) && FileNames.TryParseLogFile(ObjectPath.Folder(entry.Path), entry.Name, entry.Length, out var log))
            {
                logs.Add(log);
            }
        }

        return logs;
    }

    private static async Task<List<LogBlock>> BlocksAsync(MemoryObjectStore store, string path)
    {
        var length = (await store.GetInfoAsync(path))!.Value.Length;
        var blocks = new List<LogBlock>();
        await foreach (var block in LogFileReader.ReadBlocksAsync(store, path, length, default))
        {
            blocks.Add(block);
        }

        return blocks;
    }

    // Commit time, key, partition and file name as stored, then two of the data columns.
    private static async Task<List<string>> RowsAsync(MemoryObjectStore store, LogBlock block)
    {
        var reader = new LogBlockReader(store, new ParquetSharpFormat());
        var table = TableSchema.FromArrow(Row.Schema, "t");
        string[] names = [MetaColumns.CommitTime, MetaColumns.RecordKey, MetaColumns.PartitionPath, MetaColumns.FileName, "ts", "text"];
        var wanted = new Schema([.. names.Select(table.ArrowWithMeta.GetFieldByName)], null);
        var rows = new List<string>();
        await foreach (var batch in reader.ReadRowsAsync(block, table, wanted, 1000, default))
        {
            for (var i = 0; i < batch.Length; i++)
            {
                rows.Add(string.Join(' ', batch.Arrays.Select(a => a is Int64Array n ? n.GetValue(i).ToString() : ((StringArray)a).GetString(i))));
            }
        }

        return rows;
    }

    // The record keys of a partition's latest base file, in the order of its rows.
    private static async Task<(string Name, string Instant, List<string> Keys)> KeysAsync(MemoryObjectStore store, string folder)
    {
        var path = await TestTable.LatestFileAsync(store, folder);
        Assert.True(FileNames.TryParseBaseFile(string.Empty, path[(path.LastIndexOf('/') + 1)..], 0, out var file));
        await using var opened = await new ParquetSharpFormat().OpenAsync(store, path, default);
        var keys = new List<string>();
        await foreach (var read in opened.ReadAsync(new ParquetReadRequest { Columns = [MetaColumns.RecordKey] }, default))
        {
            keys.AddRange(Enumerable.Range(0, read.Batch.Length).Select(i => ((StringArray)read.Batch.Column(0)).GetString(i)));
        }

        return (file.FileName, file.Instant, keys);
    }

    private static async Task<(Instant Commit, CommitMetadata Metadata)> LatestAsync(LakehouseTable table)
    {
        var state = await table.RefreshAsync();
        var commit = state.Timeline.LatestCompletedWrite!;
        return (commit, await state.Client.ReadCommitMetadataAsync(commit));
    }
}
