using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Tests.Faults;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Tests.Evolution;

/// <summary>Tables go up and down through the versions: rows, time travel and writing go on; interrupted anywhere they are of the old version or the new one.</summary>
public sealed class UpgradeTests
{
    private const string Ddl = "id string, ts bigint, v int, city string";

    private static string Line(int id, long ts) => $$"""{"id":"k{{id}}","ts":{{ts}},"v":{{id}},"city":"{{(id % 2 == 0 ? "a" : "b")}}"}""";

    [Theory]
    [InlineData(TableType.CopyOnWrite, 6, 9)]
    [InlineData(TableType.CopyOnWrite, 9, 6)]
    [InlineData(TableType.MergeOnRead, 6, 8)]
    [InlineData(TableType.MergeOnRead, 8, 6)]
    [InlineData(TableType.MergeOnRead, 8, 9)]
    [InlineData(TableType.MergeOnRead, 9, 8)]
    public async Task Rows_stay_and_writing_goes_on(TableType type, int from, int to)
    {
        var store = await MakeAsync(type, from);
        await using var table = await LakehouseTable.OpenAsync(store, EvolvingTable.Resources);
        var rows = await EvolvingTable.ReadAsync(table);
        var instants = (await table.RefreshAsync()).Timeline.CompletedWrites.ToList();
        var then = new Dictionary<string, string>();
        foreach (var instant in instants)
        {
            then[instant.RequestedTime] = await EvolvingTable.ReadAsync(table, new ReadOptions { AsOf = instant.RequestedTime });
        }

        var shown = await table.UpgradeAsync(to, new UpgradeOptions { DryRun = true });
        Assert.Equal((from, to), (shown.From, shown.To));
        Assert.Equal(from, (await table.RefreshAsync()).Config.Version);
        Assert.Equal(rows, await EvolvingTable.ReadAsync(table));

        var done = await table.UpgradeAsync(to);
        Assert.Equal(to, table.TableVersion == to ? to : (await table.RefreshAsync()).Config.Version);
        Assert.Equal(to.ToString(System.Globalization.CultureInfo.InvariantCulture), done.Properties["hoodie.table.version"]);
        Assert.Equal(rows, await EvolvingTable.ReadAsync(table));
        Assert.Equal(instants.Select(i => i.RequestedTime), (await table.RefreshAsync()).Timeline.CompletedWrites.Select(i => i.RequestedTime).Take(instants.Count));
        foreach (var (instant, old) in then.Where(_ => type == TableType.CopyOnWrite || (from >= 8) == (to >= 8)))
        {
            Assert.Equal(old, await EvolvingTable.ReadAsync(table, new ReadOptions { AsOf = instant }));
        }

        await EvolvingTable.UpsertAsync(table, Line(1, 9), Line(20, 1));
        await table.DeleteAsync([await EvolvingTable.RowsAsync("id string, city string", """{"id":"k2","city":"a"}""")]);
        var after = await EvolvingTable.ReadAsync(table);
        Assert.Contains(Line(1, 9), after, StringComparison.Ordinal);
        Assert.Contains(Line(20, 1), after, StringComparison.Ordinal);
        Assert.DoesNotContain("k2\"", after, StringComparison.Ordinal);
        Assert.Contains("files", (await table.RefreshAsync()).Config.MetadataPartitions);
        await MetadataCheck.RunAsync(store, "after the upgrade");

        // And back again.
        await table.UpgradeAsync(from);
        Assert.Equal(after, await EvolvingTable.ReadAsync(table));
        await EvolvingTable.UpsertAsync(table, Line(1, 10));
        Assert.Contains(Line(1, 10), await EvolvingTable.ReadAsync(table), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(6, 9, Fault.Before)]
    [InlineData(6, 8, Fault.LostReply)]
    [InlineData(9, 6, Fault.Torn)]
    [InlineData(8, 9, Fault.Before)]
    [InlineData(9, 6, Fault.Before, true)]
    [InlineData(8, 6, Fault.Torn, true)]
    public async Task Each_change_may_fail(int from, int to, Fault fault, bool archived = false)
    {
        var original = await MakeAsync(TableType.MergeOnRead, from, archived);
        var history = await ArchivedAsync(original);
        Assert.Equal(archived, history.Length > 0);
        var rows = await TextAsync(original);
        for (var n = 1; ; n++)
        {
            var store = await TestTable.CopyAsync(original);
            var plan = FaultPlan.At(n, fault, dies: true);
            var error = await Record.ExceptionAsync(async () =>
            {
                await using var dying = await LakehouseTable.OpenAsync(new FaultInjectingObjectStore(store, plan), EvolvingTable.Resources);
                await dying.UpgradeAsync(to);
            });
            await plan.ReleaseDelayedAsync();
            if (!plan.Fired)
            {
                Assert.Null(error);
                Assert.Equal(rows, await TextAsync(store));
                Assert.True(n > 8);
                return;
            }

            var where = plan.Log.First(o => o.Failed is not null).ToString();
            Assert.True(rows == await TextAsync(store), where);
            Assert.Equal(history, await ArchivedAsync(store));

            // Repeated, it is done, and nothing of the first try is left over.
            await using var table = await LakehouseTable.OpenAsync(store, EvolvingTable.Resources);
            await table.UpgradeAsync(to);
            var state = await table.RefreshAsync();
            Assert.Equal(to, state.Config.Version);
            Assert.True(rows == await EvolvingTable.ReadAsync(table), where);
            Assert.Equal(history, await ArchivedAsync(store));
            Assert.True(to >= 8 || !await ((IObjectStore)store).ListAsync(".hoodie/timeline", recursive: true).AnyAsync(), where);
            var other = TimelineLayout.For(to < 8 ? 8 : 6, ".hoodie/timeline", TimeZoneInfo.Utc);
            Assert.DoesNotContain(await ((IObjectStore)store).ListNamesAsync(other.Folder), f => other.TryParse(f, out var i) && Actions.IsKnown(i.Action));
            await EvolvingTable.UpsertAsync(table, Line(1, 9));
            Assert.Contains(Line(1, 9), await EvolvingTable.ReadAsync(table), StringComparison.Ordinal);
            await MetadataCheck.RunAsync(store, where);
        }
    }

    [Fact]
    public async Task Changed_columns_are_known_in_the_other_layout()
    {
        var store = await MakeAsync(TableType.CopyOnWrite, 9);
        await using var table = await LakehouseTable.OpenAsync(store, EvolvingTable.Resources);
        await table.AlterSchemaAsync([SchemaChange.Rename("v", "value")]);
        var rows = await EvolvingTable.ReadAsync(table);
        foreach (var version in new[] { 6, 8, 6, 9 })
        {
            await table.UpgradeAsync(version);
            Assert.Equal(rows, await EvolvingTable.ReadAsync(table));
        }

        await table.AlterSchemaAsync([SchemaChange.Rename("value", "v")]);
        Assert.Equal(rows.Replace("\"value\"", "\"v\"", StringComparison.Ordinal), await EvolvingTable.ReadAsync(table));
    }

    [Theory]
    [InlineData("v6/cow_clean_archive", 9)]
    [InlineData("v6/mor_clean_archive", 8)]
    [InlineData("v8/mor_clean_archive", 6)]
    [InlineData("v9/cow_clean_archive", 6)]
    public async Task The_archive_goes_along_and_back(string name, int to)
    {
        var folder = Directory.CreateTempSubdirectory("lakehouse-upgrade-").FullName;
        try
        {
            foreach (var file in Directory.EnumerateFiles(Golden.Open(name).Table, "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(folder, Path.GetRelativePath(Golden.Open(name).Table, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
                File.SetLastWriteTimeUtc(copy, File.GetLastWriteTimeUtc(file));
            }

            await using var table = await LakehouseTable.OpenAsync(folder);
            int from = table.TableVersion;
            var archived = await ArchivedAsync(table);
            Assert.NotEmpty(archived);
            var rows = await EvolvingTable.ReadAsync(table);
            var since = new ReadOptions { Begin = archived[0].Instant.CompletionTime };
            var changes = await EvolvingTable.ReadAsync(table, since);
            Assert.Equal(archived.Count, (await table.UpgradeAsync(to, new UpgradeOptions { DryRun = true })).ArchivedInstants);
            foreach (var version in new[] { to, from, to })
            {
                Assert.Equal(archived.Count, (await table.UpgradeAsync(version)).ArchivedInstants);
                Assert.Equal(rows, await EvolvingTable.ReadAsync(table));
                Assert.Equal(changes, await EvolvingTable.ReadAsync(table, since));
                var moved = await ArchivedAsync(table);
                Assert.Equal(archived.Select(i => (i.RequestedTime, i.Instant.Action)), moved.Select(i => (i.RequestedTime, i.Instant.Action)));
                foreach (var (before, after) in archived.Zip(moved))
                {
                    Assert.Equal(before.Commit?.PartitionToWriteStats.Values.SelectMany(s => s).Select(s => s.Path), after.Commit?.PartitionToWriteStats.Values.SelectMany(s => s).Select(s => s.Path));
                    Assert.Equal(before.Commit?.PartitionToReplaceFileIds?.Values.SelectMany(s => s), after.Commit?.PartitionToReplaceFileIds?.Values.SelectMany(s => s));
                    Assert.Equal(before.Clean?.EarliestCommitToRetain, after.Clean?.EarliestCommitToRetain);
                    Assert.True(from < 8 || before.Instant.CompletionTime == after.Instant.CompletionTime);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(6, 9)]
    [InlineData(9, 6)]
    [InlineData(6, 6)]
    public async Task Archives_of_one_folder_are_left_alone(int from, int to)
    {
        var store = await MakeAsync(TableType.CopyOnWrite, from);
        await Config.TableConfigFile.UpdateAsync(store, new Dictionary<string, string?> { ["hoodie.archivelog.folder"] = "timeline/history" }, LakehouseEnvironment.System);
        var before = await TestTable.ListAsync(store);
        await using var table = await LakehouseTable.OpenAsync(store, EvolvingTable.Resources);
        Assert.Equal(LakehouseErrorKind.Unsupported, (await Assert.ThrowsAsync<LakehouseException>(() => table.UpgradeAsync(to))).Kind);
        Assert.Equal(before, await TestTable.ListAsync(store));
    }

    private static async Task<IReadOnlyList<ArchivedInstant>> ArchivedAsync(LakehouseTable table) =>
        (await (await table.RefreshAsync()).Client.ReadArchivedAsync(withContent: true)).Instants;

    private static async Task<string[]> ArchivedAsync(IObjectStore store)
    {
        await using var table = await LakehouseTable.OpenAsync(store, EvolvingTable.Resources);
        return [.. (await ArchivedAsync(table)).Select(i => $"{i.RequestedTime} {i.Instant.Action}")];
    }

    private static async Task<MemoryObjectStore> MakeAsync(TableType type, int version, bool archived = false)
    {
        var store = new MemoryObjectStore("upgrades");
        await using var table = await EvolvingTable.CreateAsync(store, Ddl, version, type);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, [.. Enumerable.Range(1, 6).Select(i => Line(i, 1))])]);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, Line(3, 2), Line(7, 2))]);
        await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, Line(4, 3))]);
        if (archived)
        {
            await table.CompactAsync();
            await table.DeletePartitionsAsync(["a"]);
            for (var i = 4; i < 8; i++)
            {
                await table.UpsertAsync([await EvolvingTable.RowsAsync(Ddl, Line(4, i), Line(5, i))]);
            }

            await table.CleanAsync(new CleanOptions { CommitsRetained = 1 });
            await table.ArchiveAsync(new ArchiveOptions { MinCommits = 2, MaxCommits = 3, Clean = new CleanOptions { CommitsRetained = 1 } });
        }

        return store;
    }

    private static async Task<string> TextAsync(IObjectStore store)
    {
        // By the listing of a metadata table, and its statistics, as long as the properties say that there is one.
        await using var table = await LakehouseTable.OpenAsync(store, EvolvingTable.Resources);
        return await EvolvingTable.ReadAsync(table, new ReadOptions { Where = Predicates.Column("ts") > 0 });
    }
}
