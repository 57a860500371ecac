using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Logs;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Tests.Model;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Writes;

/// <summary>What writes log of their changes: a file beside each base file that they rewrite.</summary>
public sealed class ChangeDataTests
{
    public static TheoryData<int, TableType, CdcLogging> Cases()
    {
        var cases = new TheoryData<int, TableType, CdcLogging>();
        foreach (var mode in Enum.GetValues<CdcLogging>())
        {
            cases.Add(9, TableType.CopyOnWrite, mode);
            cases.Add(6, TableType.CopyOnWrite, mode);
            cases.Add(8, TableType.MergeOnRead, mode);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_rewritten_base_file_has_its_changes_beside_it(int version, TableType type, CdcLogging mode)
    {
        var (store, table) = await MakeAsync(version, type, mode);
        await using var _ = table;
        Assert.Empty(await FilesAsync(table));

        // A row that is replaced, one whose change loses, one that is deleted, one of a key that is not there, and a new one.
        var result = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5), TestTable.Of(4, 0), TestTable.Of(6, 5, deleted: true), TestTable.Of(700, 5, deleted: true), TestTable.Of(800, 5)])]);
        Assert.Equal((1L, 1L, 1L), (result.Inserted, result.Updated, result.Deleted));
        var (path, size) = Assert.Single(await FilesAsync(table));
        Assert.Equal((await store.GetInfoAsync(path))!.Value.Length, size);
        Assert.EndsWith(".cdc", path, StringComparison.Ordinal);
        Assert.True(FileNames.TryParseLogFile("a", path[2..], size, out var log) && log.IsCdc);
        Assert.Equal((result.Instant, 1), (log.Instant, log.Version));

        string Stored(int id, long ts) => $"[k{id:000} a {ts} text {ts} {id} null]";
        string[] expected = mode switch
        {
            CdcLogging.KeyOnly => ["d k006", "i k800", "u k002"],
            CdcLogging.Before => [$"d k006 {Stored(6, 1)}", "i k800 null", $"u k002 {Stored(2, 1)}"],
            _ => [$"d {result.Instant} {Stored(6, 1)} null", $"i {result.Instant} null {Stored(800, 5)}", $"u {result.Instant} {Stored(2, 1)} {Stored(2, 5)}"],
        };
        Assert.Equal(expected, (await ReadAsync(store, path, mode)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task Deletes_and_inserts_into_a_file_are_logged_too(TableType type)
    {
        var (store, table) = await MakeAsync(9, type, CdcLogging.BeforeAndAfter);
        await using var _ = table;
        var inserted = await table.InsertAsync([Row.ToBatch([TestTable.Of(500, 1)])]);
        Assert.Equal([$"i {inserted.Instant} null [k500 a 1 text 1 500 null]"], await ReadAsync(store, Assert.Single(await FilesAsync(table)).Path, CdcLogging.BeforeAndAfter));

        var deleted = await table.DeleteAsync([Row.ToBatch([TestTable.Of(500, 0)])]);
        if (type == TableType.CopyOnWrite)
        {
            Assert.Equal([$"d {deleted.Instant} [k500 a 1 text 1 500 null] null"], await ReadAsync(store, Assert.Single(await FilesAsync(table)).Path, CdcLogging.BeforeAndAfter));
            return;
        }

        // A log needs none, but its stat says what it was written over.
        Assert.Empty(await FilesAsync(table));
        var state = await table.RefreshAsync();
        var stat = (await state.Client.ReadCommitMetadataAsync(state.Timeline.LatestCompletedWrite!)).PartitionToWriteStats["a"].Single();
        var slice = (await state.View.GetSlicesAsync("a")).Single(s => s.FileId == stat.FileId);
        Assert.Equal((slice.BaseInstant, slice.Base!.FileName), (stat.PrevCommit, stat.Log!.BaseFile));
        Assert.Equal(slice.Logs.Select(l => l.FileName), stat.Log.LogFiles);
    }

    [Fact]
    public async Task A_rewrite_that_changes_nothing_has_a_file_without_rows()
    {
        var (store, table) = await MakeAsync(9, TableType.CopyOnWrite, CdcLogging.BeforeAndAfter);
        await using var _ = table;
        var result = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 0)])]);
        Assert.Equal((0L, 1), (result.Updated, result.FilesWritten));
        Assert.Empty(await ReadAsync(store, Assert.Single(await FilesAsync(table)).Path, CdcLogging.BeforeAndAfter));
    }

    [Fact]
    public async Task Many_changes_make_several_blocks_and_files()
    {
        var (store, table) = await MakeAsync(9, TableType.CopyOnWrite, CdcLogging.BeforeAndAfter);
        await using var _ = table;
        await table.UpsertAsync(
            Enumerable.Range(0, 15).Select(i => Row.ToBatch([TestTable.Of(2 * i, 5)])), new WriteOptions { MaxLogBlockSize = 100, MaxLogFileSize = 2_000, ExactRowGroupRows = 2 });
        var files = await FilesAsync(table);
        Assert.True(files.Count > 1, "one file");
        var rows = new List<string>();
        foreach (var (path, _) in files)
        {
            rows.AddRange(await ReadAsync(store, path, CdcLogging.BeforeAndAfter));
        }

        Assert.Equal(15, rows.Distinct().Count());
        Assert.All(rows, r => Assert.StartsWith("u ", r, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failed_write_leaves_none_behind()
    {
        var (store, table) = await MakeAsync(6, TableType.CopyOnWrite, CdcLogging.KeyOnly);
        await using var _ = table;
        var result = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 5)])]);
        var (path, _) = Assert.Single(await FilesAsync(table));
        var state = await table.RefreshAsync();
        await store.DeleteAsync(state.Client.PathOf(state.Timeline.FindCompletedWrite(result.Instant!)!));
        var next = await table.UpsertAsync([Row.ToBatch([TestTable.Of(2, 6)])]);
        Assert.Equal([result.Instant!], next.RolledBack);
        Assert.Null(await store.GetInfoAsync(path));
    }

    // One partition, one file group, so that every upsert with a new row rewrites it in both types.
    private static async Task<(MemoryObjectStore Store, LakehouseTable Table)> MakeAsync(int version, TableType type, CdcLogging mode)
    {
        var store = new MemoryObjectStore("changes");
        var options = new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["part"], Ordering = ["ts"], TableVersion = version, CdcLogging = mode };
        var table = await LakehouseTable.CreateAsync(store, Row.Schema, options, new LakehouseOptions { Threads = 2, Write = new WriteOptions { ExactRowGroupRows = 2 } });
        await table.InsertAsync([Row.ToBatch([.. TestTable.First.Where(r => r.Part == "a")])]);
        return (store, table);
    }

    private static async Task<List<(string Path, long Size)>> FilesAsync(LakehouseTable table)
    {
        var state = await table.RefreshAsync();
        var metadata = await state.Client.ReadCommitMetadataAsync(state.Timeline.LatestCompletedWrite!);
        return [.. metadata.PartitionToWriteStats.Values.SelectMany(s => s).SelectMany(s => s.CdcStats ?? new Dictionary<string, long>()).Select(f => (f.Key, f.Value))];
    }

    private static async Task<List<string>> ReadAsync(MemoryObjectStore store, string path, CdcLogging mode)
    {
        var schema = ChangeDataSchema.Of(TableSchema.FromArrow(Row.Schema, "t"), mode);
        var reader = new LogBlockReader(store, new ParquetSharpFormat());
        var rows = new List<string>();
        await foreach (var block in LogFileReader.ReadBlocksAsync(store, path, (await store.GetInfoAsync(path))!.Value.Length, default))
        {
            Assert.Equal(LogBlockType.CdcData, block.Type);
            await foreach (var batch in reader.ReadRowsAsync(block, schema.Table, schema.Arrow, 100, default))
            {
                rows.AddRange(Enumerable.Range(0, batch.Length).Select(i => string.Join(' ', batch.Arrays.Select(a => Text(a, i)))));
            }
        }

        return rows;
    }

    private static string Text(IArrowArray array, int row) => array.IsNull(row) ? "null" : array switch
    {
        StringArray a => a.GetString(row),
        Int64Array a => a.GetValue(row)!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Int32Array a => a.GetValue(row)!.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        BooleanArray a => a.GetValue(row)!.Value ? "true" : "false",
        StructArray a => "[" + string.Join(' ', a.Fields.Select(f => Text(f, row))) + "]",
        _ => throw new InvalidOperationException(array.GetType().Name),
    };
}
