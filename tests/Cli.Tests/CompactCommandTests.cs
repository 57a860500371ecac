using System.Text.Json;

namespace OllaLab.Lakehouse.Cli.Tests;

public class CompactCommandTests
{
    [Theory]
    [InlineData("6")]
    [InlineData("9")]
    public async Task A_table_is_compacted_by_hand_whatever_the_triggers_say(string version)
    {
        using var folder = new TableFolder();
        await CreateAsync(folder, version);
        var done = Assert.Single(Lines(await Cli.DoAsync("", "compact", folder.Table, "--json")));
        Assert.Equal((1, 1, 1), (done.GetProperty("file_groups").GetInt32(), done.GetProperty("log_files").GetInt32(), done.GetProperty("updated").GetInt32()));
        Assert.Empty(Lines(await Cli.DoAsync("", "compact", folder.Table, "--json")));
        Assert.Equal("commit", Lines(await Cli.DoAsync("", "timeline", folder.Table, "--json")).Single(l => l.GetProperty("operation").GetString() == "COMPACT").GetProperty("action").GetString());
        Assert.Equal(["1", "7"], Lines(await Cli.DoAsync("", "read", folder.Table, "--query", "read_optimized", "--format", "jsonl")).Select(l => l.GetProperty("ts").GetRawText()).Order());
        var (_, _, error) = await Cli.RunAsync(["compact", folder.Table]);
        Assert.Contains("Nothing to compact", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_is_made_and_executed_apart()
    {
        using var folder = new TableFolder();
        await CreateAsync(folder, "9");
        var planned = Assert.Single(Lines(await Cli.DoAsync("", "compact", folder.Table, "--schedule", "--json"))).GetProperty("instant").GetString();
        Assert.Contains("\"compaction\"", await Cli.DoAsync("", "timeline", folder.Table, "--json"), StringComparison.Ordinal);
        Assert.Empty(Lines(await Cli.DoAsync("", "compact", folder.Table, "--schedule", "--json")));
        var (_, _, refused) = await Cli.RunAsync(["rollback", folder.Table, "--instant", Lines(await Cli.DoAsync("", "timeline", folder.Table, "--json"))[1].GetProperty("instant").GetString()!]);
        Assert.Contains("is planned with what this commit wrote", refused, StringComparison.Ordinal);
        Assert.Equal(planned, Assert.Single(Lines(await Cli.DoAsync("", "compact", folder.Table, "--execute", "--json"))).GetProperty("instant").GetString());
        Assert.Empty(Lines(await Cli.DoAsync("", "compact", folder.Table, "--execute", "--json")));
    }

    [Fact]
    public async Task A_write_compacts_when_it_is_due()
    {
        using var folder = new TableFolder();
        await CreateAsync(folder, "9");
        string[] write = ["write", folder.Table, "--input", "-", "--json", "--option", "hoodie.compact.inline=true", "--option", "hoodie.compact.inline.max.delta.commits=4"];
        Assert.Empty(Lines(await Cli.DoAsync(Row("a", 8), write)).Single().GetProperty("compactions").GetString()!);
        Assert.NotEmpty(Lines(await Cli.DoAsync(Row("a", 9), write)).Single().GetProperty("compactions").GetString()!);
        Assert.Equal(["1", "9"], Lines(await Cli.DoAsync("", "read", folder.Table, "--query", "read_optimized", "--format", "jsonl")).Select(l => l.GetProperty("ts").GetRawText()).Order());
    }

    [Theory]
    [InlineData("6")]
    [InlineData("8")]
    [InlineData("9")]
    public async Task Logs_are_compacted_into_one(string version)
    {
        using var folder = new TableFolder();
        await CreateAsync(folder, version);
        Assert.Empty(Lines(await Cli.DoAsync("", "logcompact", folder.Table, "--json")));
        await Cli.DoAsync(Row("a", 8), "write", folder.Table, "--input", "-");
        await Cli.DoAsync(Row("b", 0), "write", folder.Table, "--input", "-", "--operation", "delete");
        var before = await Cli.DoAsync("", "read", folder.Table, "--format", "jsonl");
        var done = Assert.Single(Lines(await Cli.DoAsync("", "logcompact", folder.Table, "--json", "--option", "hoodie.log.compaction.blocks.threshold=3")));
        Assert.Equal((3, 3, 1, 1), (done.GetProperty("log_files").GetInt32(), done.GetProperty("log_records").GetInt32(), done.GetProperty("rows").GetInt32(), done.GetProperty("deleted").GetInt32()));
        Assert.Equal(before, await Cli.DoAsync("", "read", folder.Table, "--format", "jsonl"));
        Assert.Equal("deltacommit", Lines(await Cli.DoAsync("", "timeline", folder.Table, "--json")).Single(l => l.GetProperty("operation").GetString() == "LOG_COMPACT").GetProperty("action").GetString());
        await Cli.DoAsync("", "compact", folder.Table);
        Assert.Equal(["8"], Lines(await Cli.DoAsync("", "read", folder.Table, "--query", "read_optimized", "--format", "jsonl")).Select(l => l.GetProperty("ts").GetRawText()));
    }

    [Theory]
    [InlineData(2, "--option", "hoodie.clean.automatic=true")]
    [InlineData(2, "--option", "hoodie.compact.inline.max.delta.commits=0")]
    [InlineData(2, "--schedule", "--execute")]
    [InlineData(1, "--option", "hoodie.compaction.strategy=com.example.Mine")]
    public async Task Wrong_options_are_refused(int code, params string[] options)
    {
        using var folder = new TableFolder();
        await CreateAsync(folder, "9");
        Assert.Equal(code, (await Cli.RunAsync(["compact", folder.Table, .. options])).Code);
    }

    [Fact]
    public async Task A_copy_on_write_table_is_refused()
    {
        using var folder = new TableFolder();
        await Cli.DoAsync("", "create", folder.Table, "--schema", "id string, ts bigint", "--key", "id");
        Assert.Contains("copy-on-write", (await Cli.RunAsync(["compact", folder.Table])).Error, StringComparison.Ordinal);
    }

    // Two rows, then one of them changed in a log.
    private static async Task CreateAsync(TableFolder folder, string version)
    {
        await Cli.DoAsync("", "create", folder.Table, "--type", "mor", "--schema", "id string, ts bigint", "--key", "id", "--ordering", "ts", "--table-version", version);
        await Cli.DoAsync(Row("a", 1) + Row("b", 1), "write", folder.Table, "--input", "-");
        await Cli.DoAsync(Row("a", 7), "write", folder.Table, "--input", "-");
    }

    private static string Row(string id, long ts) => $"{{\"id\":\"{id}\",\"ts\":{ts}}}\n";

    private static JsonElement[] Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];
}
