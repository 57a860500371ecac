using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Table versions: each brings the table to another, the other reads it and goes on.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(TableType.CopyOnWrite)]
    [InlineData(TableType.MergeOnRead)]
    public async Task Each_goes_on_in_the_version_that_the_other_made(TableType type)
    {
        const string Columns = "id string, ts bigint, v int, city string";
        static string Line(int k, long ts) => $$"""{"id":"k{{k}}","ts":{{ts}},"v":{{k}},"city":"{{(k % 2 == 0 ? "x" : "y")}}"}""";
        var hudi = RequireHudi();
        var path = Path.Combine(root, "versions");
        var schema = TableSchema.FromDdl(Columns, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = 6 }, null, default);
        long ts = 1;
        async Task GoOnAsync(int version, string what)
        {
            await SameAsync(hudi, table, path, what);
            await table.UpsertAsync([await Parse(schema, [Line(1, ++ts), Line((int)ts + 100, ts)])]);
            Write(hudi, path, version, partitioned: true, type, Line(2, ++ts) + "\n" + Line((int)ts + 100, ts), Columns);
            await SameAsync(hudi, table, path, $"Hudi's upsert after {what}");
            Assert.Equal(version, (await table.RefreshAsync()).Config.Version);
        }

        await table.UpsertAsync([await Parse(schema, [.. Enumerable.Range(0, 8).Select(k => Line(k, 1))])]);
        await table.UpsertAsync([await Parse(schema, [Line(3, ++ts)])]);
        var way = type == TableType.CopyOnWrite ? new[] { (9, true), (6, false) } : [(9, true), (6, true), (8, false)];
        foreach (var (version, ours) in way)
        {
            if (ours)
            {
                await table.UpgradeAsync(version);
            }
            else
            {
                var up = version > (await table.RefreshAsync()).Config.Version;
                var name = $"versions_{type}_{version}".ToLowerInvariant();
                Sql(hudi, $"create table {name} using hudi location '{path}'");
                Sql(hudi, $"call {(up ? "upgrade" : "downgrade")}_table(table => '{name}', to_version => '{(version == 6 ? "SIX" : version == 8 ? "EIGHT" : "NINE")}')");
                if (version == 6)
                {
                    // This engine does not maintain the metadata table of version 6, which Hudi keeps.
                    await table.UpsertAsync([await Parse(schema, [Line(5, ++ts)])], new WriteOptions { DropMetadataTable = true });
                }
            }

            await GoOnAsync(version, $"{(ours ? "our" : "Hudi's")} way to version {version}");
        }
    }

    /// <summary>Hudi 1.2 itself loses archived commits on this way down: it writes them to a folder that the table does not name, and leaves each eleventh out.</summary>
    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(8, TableType.MergeOnRead)]
    public async Task Hudi_reads_and_goes_on_with_the_archive_that_we_brought_to_version_6(int version, TableType type)
    {
        var hudi = RequireHudi();
        var path = Path.Combine(root, "downgraded");
        var schema = TableSchema.FromDdl(Ddl, "t");
        var write = new WriteOptions { Clean = new CleanOptions { CommitsRetained = 1 }, Archive = new ArchiveOptions { MinCommits = 3, MaxCommits = 4 }, InlineCompaction = InlineCompaction.Execute, Compaction = new CompactionOptions { DeltaCommits = 2 } };
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version }, new LakehouseOptions { Write = write }, default);
        var commits = new List<string>();
        for (int i = 0; i < 16; i++)
        {
            commits.Add((await (i == 2 ? table.WriteAsync(WriteOperation.InsertOverwrite, new[] { await Rows(schema, [1, 2, 3], i) }.ToAsyncEnumerable()) : table.UpsertAsync([await Rows(schema, Enumerable.Range(i, 4), i)]))).Instant!);
        }

        var archived = (await ArchivedAsync(hudi, table, path, commits, least: 12)).Instants.Count;
        Assert.Equal(archived, (await table.UpgradeAsync(6)).ArchivedInstants);
        Assert.Equal(archived, (await ArchivedAsync(hudi, table, path, commits, archived)).Instants.Count);
        await SameAsync(hudi, table, path, "our downgrade");
        for (int i = 0; i < 3; i++)
        {
            Write(hudi, path, 6, true, type, Lines([i, 40 + i], ts: 30 + i), more: [("hoodie.clean.commits.retained", "1"), ("hoodie.keep.min.commits", "3"), ("hoodie.keep.max.commits", "4"), ("hoodie.compact.inline", type == TableType.MergeOnRead ? "true" : "false"), ("hoodie.compact.inline.max.delta.commits", "2")]);
        }

        await SameAsync(hudi, table, path, "Hudi's archiving after our downgrade");
        archived = (await ArchivedAsync(hudi, table, path, commits, archived + 1)).Instants.Count;
        await table.UpgradeAsync(9);
        await ArchivedAsync(hudi, table, path, commits, archived);
        await SameAsync(hudi, table, path, "our upgrade");
    }

    // Hudi's upgrade keeps column_stats as it is, in version 1.
    [Theory]
    [InlineData(TableType.MergeOnRead)]
    [InlineData(TableType.CopyOnWrite)]
    public async Task Statistics_go_on_in_the_version_that_an_upgrade_kept(TableType type)
    {
        const string Columns = "id string, ts bigint, day date, at timestamp, p decimal(10,2), city string";
        static string Line(int k, long ts) => $$"""{"id":"k{{k}}","ts":{{ts}},"day":"2020-01-{{(k % 28) + 1:D2}}","at":"2020-01-{{(k % 28) + 1:D2}}T01:02:03.000456Z","p":{{k}}.25,"city":"{{(k % 2 == 0 ? "x" : "y")}}"}""";
        static string Lines(IEnumerable<int> keys, long ts) => string.Join('\n', keys.Select(k => Line(k, ts)));
        var hudi = RequireHudi(always: type == TableType.MergeOnRead);
        var path = Path.Combine(root, "kept");
        (string, string)[] statistics = [("hoodie.metadata.index.column.stats.enable", "true"), ("hoodie.parquet.small.file.limit", "0")];
        Write(hudi, path, 8, true, type, Lines(Enumerable.Range(0, 8), 1), Columns, more: statistics);
        Sql(hudi, $"create table kept_{type} using hudi location '{path}'");
        Sql(hudi, $"call upgrade_table(table => 'kept_{type}', to_version => 'NINE')");
        await using var table = await LakehouseTable.OpenAsync(path);
        Assert.Equal(9, (await table.RefreshAsync()).Config.Version);
        Assert.Contains("\"V1\"", File.ReadAllText(Path.Combine(path, ".hoodie", ".index_defs", "index.json")), StringComparison.Ordinal);
        var schema = TableSchema.FromDdl(Columns, "t");
        await table.UpsertAsync([await Parse(schema, [Lines([4, 5, 20, 21, 22], 2)])]);
        await SameAsync(hudi, table, path, "our upsert after Hudi's upgrade");
        Write(hudi, path, 9, true, type, Lines([6, 22, 30], 3), Columns, more: statistics);
        await table.UpsertAsync([await Parse(schema, [Lines([7, 30, 40], 4)])]);
        await SameAsync(hudi, table, path, "turns after it");
        foreach (var filter in new[] { "day = date '2020-01-05'", "day > date '2020-01-20'", "at = timestamp '2020-01-05 01:02:03.000456'", "p = 4.25", "p > 20", "ts >= 2" })
        {
            int Found(bool metadata) => hudi.Read(path, more: new System.Text.Json.Nodes.JsonObject { ["metadata"] = metadata, ["filter"] = filter }).Length;
            var rows = Found(metadata: false);
            Assert.NotEqual(0, rows);
            Assert.True(rows == Found(metadata: true), filter);
            Assert.True(rows == (await ReadAsync(table, new ReadOptions { Where = Predicate.Parse(filter) })).Count, filter);
        }
    }
}
