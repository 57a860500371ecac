using System.Text.Json.Nodes;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Table.Tests.Interop;

/// <content>Savepoints, restores and rollbacks, ours and Hudi's, of what either wrote.</content>
public sealed partial class HudiInteropTests
{
    [Theory]
    [InlineData(9, TableType.CopyOnWrite)]
    [InlineData(9, TableType.MergeOnRead)]
    [InlineData(8, TableType.MergeOnRead)]
    [InlineData(6, TableType.CopyOnWrite)]
    [InlineData(6, TableType.MergeOnRead)]
    public async Task Either_restores_what_both_wrote(int version, TableType type)
    {
        var hudi = RequireHudi(always: version != 8);
        var path = Path.Combine(root, "restored");
        var schema = TableSchema.FromDdl(Ddl, "t");
        await using var table = await LakehouseTable.CreateAsync(
            new LocalObjectStore(path), schema, new TableOptions { Name = "t", Type = type, Keys = ["id"], Partitions = ["city"], Ordering = ["ts"], TableVersion = version }, null, default);
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(0, 40), ts: 10)]);
        Write(hudi, path, version, true, type, Lines(Enumerable.Range(5, 10), ts: 20));
        var first = Ask(hudi, path, "snapshot", []);
        var savepoint = await table.SavepointAsync(null, new SavepointOptions { User = "we", Comments = "before" });
        Assert.Contains(savepoint.Instant, Sql(hudi, $"call show_savepoints(path => '{path}')"), StringComparison.Ordinal);

        // Ours, over what both wrote since; with a compaction among it.
        await table.UpsertAsync([await Rows(schema, Enumerable.Range(8, 4).Concat([100, 101]), ts: 30)]);
        if (type == TableType.MergeOnRead)
        {
            await table.CompactAsync();
        }

        Write(hudi, path, version, true, type, Lines([1, 9, 200], ts: 40));
        await SameAsync(hudi, table, path, "writes by both");
        Assert.Equal(type == TableType.MergeOnRead ? 3 : 2, (await table.RestoreAsync(savepoint.Instant)).RolledBack.Count);
        Same(first, await ReadAsync(table, new ReadOptions()), "our restore, to us");
        await SameAsync(hudi, table, path, "our restore");
        Write(hudi, path, version, true, type, Lines([2, 9, 300], ts: 50));
        await SameAsync(hudi, table, path, "Hudi's upsert after our restore");
        var rolledBack = (await table.RefreshAsync()).Timeline.LatestCompletedWrite!.RequestedTime;
        await table.RollbackAsync(rolledBack);
        Same(first, await ReadAsync(table, new ReadOptions()), "our rollback, to us");
        await SameAsync(hudi, table, path, "our rollback of Hudi's upsert");

        // Hudi's, to a savepoint of its own, over what both wrote; its procedures would upgrade the table.
        Sql(hudi, "set hoodie.write.auto.upgrade=false");
        await table.DeleteSavepointAsync(savepoint.Instant);
        Assert.DoesNotContain(savepoint.Instant, Sql(hudi, $"call show_savepoints(path => '{path}')"), StringComparison.Ordinal);
        var ours = (await table.UpsertAsync([await Rows(schema, [3, 9, 400], ts: 60)])).Instant!;
        var second = Ask(hudi, path, "snapshot", []);
        Sql(hudi, $"call create_savepoint(path => '{path}', commit_time => '{ours}')");
        var theirs = Assert.Single(await table.GetSavepointsAsync());
        Assert.Equal(ours, theirs.Instant);
        Assert.All(theirs.Files, f => Assert.True(File.Exists(Path.Combine(path, f)), f));
        await table.DeleteAsync([await Rows(schema, [3], ts: 0)]);
        Write(hudi, path, version, true, type, Lines([4, 9, 500], ts: 70));
        if (version == 6)
        {
            // Hudi 1.2 refuses to take a metadata table of version 6 back that was made after the savepoint before it: it asks for it to be dropped.
            Sql(hudi, "set hoodie.metadata.enable=false");
        }

        Sql(hudi, $"call rollback_to_savepoint(path => '{path}', instant_time => '{ours}')");
        Sql(hudi, "reset hoodie.metadata.enable");
        Same(second, await ReadAsync(table, new ReadOptions()), "Hudi's restore, to us");
        await table.UpsertAsync([await Rows(schema, [5, 600], ts: 80)]);
        await SameAsync(hudi, table, path, "our upsert after Hudi's restore");
        Assert.Equal(2, (await table.RefreshAsync()).Timeline.Instants.Count(i => i.Action == Actions.Restore));
    }

    private static string Sql(Oracle hudi, string sql) => hudi.Ask(new JsonObject { ["op"] = "sql", ["sql"] = sql }).GetProperty("data").ToString();
}
