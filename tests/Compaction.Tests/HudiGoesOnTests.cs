using System.Text.Json.Nodes;
using OllaLab.Lakehouse;
using OllaLab.Lakehouse.Config;
using OllaLab.Lakehouse.Services;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.TestSupport;
using OllaLab.Lakehouse.Timelines;

namespace Compaction.Tests;

/// <summary>Real Hudi writes a table, we take writes back, Hudi reads it and writes on.</summary>
public sealed class HudiGoesOnTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("lakehouse-oracle-").FullName;
    private int inputs;

    private string Table => Path.Combine(folder, "table");

    public static TheoryData<int> Versions => [6, 8, 9];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static Oracle Hudi()
    {
        if (Oracle.Instance is { } oracle)
        {
            return oracle;
        }

        Assert.Skip("HUDI_ORACLE is not set: what real Hudi says was not asked");
        return null!;
    }

    private void Write(int version, string mode, params (string Id, string City, int Ts)[] rows) => Write(version, TableType.CopyOnWrite, mode, rows);

    private void Write(int version, TableType type, string mode, params (string Id, string City, int Ts)[] rows)
    {
        var input = Path.Combine(folder, $"input{inputs++}.jsonl");
        File.WriteAllLines(input, rows.Select(r => $$"""{"id":"{{r.Id}}","city":"{{r.City}}","ts":{{r.Ts}}}"""));
        Hudi().Ask(new JsonObject
        {
            ["op"] = "write",
            ["table"] = Table,
            ["operation"] = "upsert",
            ["mode"] = mode,
            ["input"] = input,
            ["schema"] = "id string, city string, ts long",
            ["options"] = new JsonObject
            {
                ["hoodie.table.name"] = "t",
                ["hoodie.datasource.write.table.type"] = type == TableType.CopyOnWrite ? "COPY_ON_WRITE" : "MERGE_ON_READ",
                ["hoodie.datasource.write.recordkey.field"] = "id",
                ["hoodie.datasource.write.partitionpath.field"] = "city",
                ["hoodie.datasource.write.precombine.field"] = "ts",
                ["hoodie.write.table.version"] = version.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["hoodie.write.auto.upgrade"] = "false",
                ["hoodie.metadata.enable"] = "false",
            },
        });
    }

    private string[] Rows() => Hudi().Read(Table).Select(r => $"{r.GetProperty("id")}/{r.GetProperty("city")}/{r.GetProperty("ts")}").Order().ToArray();

    private (TimelineClient Client, RollbackExecutor Rollback) Open()
    {
        var store = new LocalObjectStore(Table);
        var config = TableConfig.Parse(JavaProperties.Parse(File.ReadAllBytes(Path.Combine(Table, TableConfig.Path))), store.Root);
        var client = new TimelineClient(store, config, LakehouseEnvironment.System);
        return (client, new RollbackExecutor(client, config));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task After_our_rollback_of_a_failed_write(int version)
    {
        Hudi();
        Write(version, "overwrite", ("a", "oslo", 1), ("b", "rome", 1));
        var before = Rows();
        Write(version, "append", ("a", "oslo", 2), ("c", "paris", 2));
        var (client, rollback) = Open();
        var timeline = await client.LoadAsync();
        var failed = timeline.LatestCompletedWrite!;
        await client.Store.DeleteAsync(client.PathOf(failed));
        var (after, done) = await rollback.RollBackFailedWritesAsync(await client.LoadAsync());
        Assert.Equal(2, Assert.Single(done).TotalFilesDeleted);
        Assert.Empty(after.Pending);
        AssertHudiAgrees(version, before, after, [failed.RequestedTime]);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task After_our_rollback_of_the_latest_commit(int version)
    {
        Hudi();
        Write(version, "overwrite", ("a", "oslo", 1), ("b", "rome", 1));
        var before = Rows();
        Write(version, "append", ("a", "oslo", 2), ("c", "paris", 2));
        var (client, rollback) = Open();
        var latest = (await client.LoadAsync()).LatestCompletedWrite!;
        await rollback.RollBackAsync(latest.RequestedTime);
        AssertHudiAgrees(version, before, await client.LoadAsync(), [latest.RequestedTime]);
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(8, true)]
    [InlineData(9, true)]
    [InlineData(6, false)]
    [InlineData(9, false)]
    public async Task After_our_rollback_of_a_delta_commit(int version, bool completed)
    {
        Hudi();
        Write(version, TableType.MergeOnRead, "overwrite", ("a", "oslo", 1), ("b", "rome", 1));
        Write(version, TableType.MergeOnRead, "append", ("a", "oslo", 2));
        var before = Rows();
        Write(version, TableType.MergeOnRead, "append", ("a", "oslo", 3), ("b", "rome", 3));
        var (client, rollback) = Open();
        var latest = (await client.LoadAsync()).LatestCompletedWrite!;
        Assert.Equal(Actions.DeltaCommit, latest.Action);
        if (!completed)
        {
            await client.Store.DeleteAsync(client.PathOf(latest));
        }

        var done = await rollback.RollBackAsync(latest.RequestedTime);
        Assert.Equal(version == 6 ? (0, 2) : (2, 0), (done.DeletedFiles.Count, done.UndoneLogs.Count));
        Assert.Equal(before, Rows());
        Write(version, TableType.MergeOnRead, "append", ("a", "oslo", 5), ("e", "rome", 5));
        Assert.Equal(["a/oslo/5", "b/rome/1", "e/rome/5"], Rows());
        Assert.Single((await client.LoadAsync()).Instants, i => i.Action == Actions.Rollback);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Hudi_finishes_a_rollback_that_we_began(int version)
    {
        Hudi();
        Write(version, "overwrite", ("a", "oslo", 1), ("b", "rome", 1));
        var before = Rows();
        Write(version, "append", ("a", "oslo", 2), ("c", "paris", 2));
        var (client, _) = Open();
        var timeline = await client.LoadAsync();
        var failed = timeline.LatestCompletedWrite!;
        await client.Store.DeleteAsync(client.PathOf(failed));
        var requests = await new RollbackFiles(client.Store, client.Layout, failed.RequestedTime, failed.Action).FindForPendingAsync(default);
        await client.RequestAsync(timeline, Actions.Rollback, new RollbackPlan(failed.RequestedTime, Actions.Commit, requests).Write());
        await client.Store.PutAsync(".hoodie/unrelated", default, PutCondition.None);
        Assert.Equal(before, Rows());

        Write(version, "append", ("d", "oslo", 3));
        var after = await client.LoadAsync();
        Assert.Empty(after.Pending);
        Assert.Empty(after.Find(failed.RequestedTime));
        var finished = Assert.Single(after.Instants, i => i.Action == Actions.Rollback);
        Assert.Equal(2, RollbackMetadata.Read((await client.ReadAsync(finished)).Span).TotalFilesDeleted);
        Assert.Equal(before.Append("d/oslo/3").Order(), Rows());
    }

    /// <summary>Hudi reads what was there before, sees the same timeline, writes on, and rolls nothing back.</summary>
    private void AssertHudiAgrees(int version, string[] before, ActiveTimeline timeline, string[] gone)
    {
        Assert.Equal(before, Rows());
        var description = Hudi().Ask(new JsonObject { ["op"] = "describe", ["table"] = Table }).ToString();
        Assert.All(gone, g => Assert.DoesNotContain($"{g}.commit", description, StringComparison.Ordinal));
        Write(version, "append", ("a", "oslo", 5), ("e", "rome", 5));
        Assert.Equal(before.Where(r => !r.StartsWith("a/", StringComparison.Ordinal)).Concat(["a/oslo/5", "e/rome/5"]).Order(), Rows());
        var now = Open().Client.LoadAsync().AsTask().Result;
        Assert.Equal(timeline.Instants.Count(i => i.Action == Actions.Rollback), now.Instants.Count(i => i.Action == Actions.Rollback));
        Assert.Equal(timeline.Instants.Count + 1, now.Instants.Count);
    }
}
