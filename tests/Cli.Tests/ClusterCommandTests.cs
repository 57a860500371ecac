using System.Text.Json;

namespace OllaLab.Lakehouse.Cli.Tests;

public class ClusterCommandTests
{
    [Theory]
    [InlineData("9")]
    [InlineData("6")]
    public async Task A_table_is_clustered_by_hand(string version)
    {
        using var folder = new TableFolder();
        await CreateAsync(folder, version);
        var (_, _, said) = await Cli.RunAsync(["cluster", folder.Table, "--dry-run"]);
        Assert.Contains("Would cluster 2 file groups of 1 partitions", said, StringComparison.Ordinal);
        var done = Assert.Single(Lines(await Cli.DoAsync("", "cluster", folder.Table, "--order", "ts,id", "--layout", "zorder", "--json")));
        Assert.Equal((2, 1, 3), (done.GetProperty("file_groups").GetInt32(), done.GetProperty("files_written").GetInt32(), done.GetProperty("rows").GetInt32()));
        Assert.Contains("CLUSTER", await Cli.DoAsync("", "timeline", folder.Table, "--json"), StringComparison.Ordinal);
        Assert.Empty(Lines(await Cli.DoAsync("", "cluster", folder.Table, "--json", "--option", "hoodie.clustering.plan.strategy.single.group.clustering.enabled=false")));
    }

    [Fact]
    public async Task A_plan_is_made_executed_and_taken_back_apart()
    {
        using var folder = new TableFolder();
        await CreateAsync(folder, "9");
        var planned = Assert.Single(Lines(await Cli.DoAsync("", "cluster", folder.Table, "--schedule", "--json"))).GetProperty("instant").GetString();
        Assert.Equal(3, (await Cli.RunAsync(["write", folder.Table, "--input", "-"], Row("a", 9))).Code);
        Assert.Equal(planned, Assert.Single(Lines(await Cli.DoAsync("", "cluster", folder.Table, "--rollback", "--json"))).GetProperty("instant").GetString());
        await Cli.DoAsync(Row("a", 9), "write", folder.Table, "--input", "-");
        await Cli.DoAsync("", "cluster", folder.Table, "--schedule");
        Assert.Single(Lines(await Cli.DoAsync("", "cluster", folder.Table, "--execute", "--json")));
        await Cli.DoAsync("", "cluster", folder.Table, "--schedule");
        await Cli.DoAsync(Row("a", 10), "write", folder.Table, "--input", "-", "--option", "hoodie.clustering.rollback.pending.replacecommit.on.conflict=true");
        Assert.Empty(Lines(await Cli.DoAsync("", "cluster", folder.Table, "--execute", "--json")));
        Assert.Equal(["1", "1", "10"], Lines(await Cli.DoAsync("", "read", folder.Table, "--format", "jsonl")).Select(l => l.GetProperty("ts").GetRawText()).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(2, "--option", "hoodie.clean.automatic=true")]
    [InlineData(2, "--option", "hoodie.clustering.plan.strategy.max.num.groups=0")]
    [InlineData(2, "--schedule", "--execute")]
    [InlineData(2, "--layout", "spiral")]
    [InlineData(1, "--option", "hoodie.clustering.plan.strategy.class=com.example.Mine")]
    [InlineData(1, "--option", "hoodie.layout.optimize.curve.build.method=sample")]
    [InlineData(1, "--order", "nowhere")]
    public async Task Wrong_options_are_refused(int code, params string[] options)
    {
        using var folder = new TableFolder();
        await CreateAsync(folder, "9");
        Assert.Equal(code, (await Cli.RunAsync(["cluster", folder.Table, .. options])).Code);
    }

    private static async Task CreateAsync(TableFolder folder, string version)
    {
        await Cli.DoAsync("", "create", folder.Table, "--name", "t", "--schema", "id string, ts bigint, p string", "--key", "id", "--ordering", "ts", "--table-version", version);
        await Cli.DoAsync(Row("a", 1) + Row("b", 1), "write", folder.Table, "--input", "-", "--operation", "bulk_insert");
        await Cli.DoAsync(Row("c", 1), "write", folder.Table, "--input", "-", "--operation", "bulk_insert");
    }

    private static string Row(string id, int ts) => JsonSerializer.Serialize(new { id, ts, p = "x" }) + "\n";

    private static List<JsonElement> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
}
