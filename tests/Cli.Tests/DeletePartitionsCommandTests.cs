using System.Text.Json;

namespace OllaLab.Lakehouse.Cli.Tests;

public class DeletePartitionsCommandTests
{
    [Fact]
    public async Task Partitions_are_overwritten_and_deleted()
    {
        using var folder = new TableFolder();
        await Cli.DoAsync("", "create", folder.Table, "--name", "t", "--schema", "id string, ts bigint, p string", "--key", "id", "--partition", "p", "--ordering", "ts");
        await Cli.DoAsync(Row("a", 1, "x") + Row("b", 1, "y") + Row("c", 1, "xx"), "write", folder.Table, "--input", "-");
        await Cli.DoAsync(Row("d", 1, "x"), "write", folder.Table, "--input", "-", "--operation", "insert_overwrite");
        Assert.Equal(["b", "c", "d"], await IdsAsync(folder));

        var (code, _, said) = await Cli.RunAsync(["delete-partitions", folder.Table, "x*", "--dry-run"]);
        Assert.Equal(0, code);
        Assert.Contains("Would delete 2 partitions (x, xx)", said, StringComparison.Ordinal);
        Assert.Equal(["b", "c", "d"], await IdsAsync(folder));
        var done = JsonDocument.Parse(await Cli.DoAsync("", "delete-partitions", folder.Table, "x*", "nowhere", "--json")).RootElement;
        Assert.Equal("x,xx", done.GetProperty("partitions").GetString());
        Assert.Equal(["b"], await IdsAsync(folder));
        await Cli.DoAsync(Row("e", 1, "z"), "write", folder.Table, "--input", "-", "--operation", "insert_overwrite_table");
        Assert.Equal(["e"], await IdsAsync(folder));
        Assert.Equal(2, (await Cli.RunAsync(["delete-partitions", folder.Table])).Code);
        Assert.Equal(2, (await Cli.RunAsync(["delete-partitions", folder.Table, "x", "--option", "hoodie.clean.automatic=true"])).Code);
    }

    [Fact]
    public async Task Partitions_expire()
    {
        using var folder = new TableFolder();
        await Cli.DoAsync("", "create", folder.Table, "--name", "t", "--schema", "id string, ts bigint, p string", "--key", "id", "--partition", "p", "--ordering", "ts");
        await Cli.DoAsync(Row("a", 1, "x"), "write", folder.Table, "--input", "-", "--option", "hoodie.partition.ttl.inline=true", "--option", "hoodie.partition.ttl.strategy.days.retain=1");
        var (code, _, said) = await Cli.RunAsync(["ttl", folder.Table, "--days", "3", "--dry-run"]);
        Assert.Equal(0, code);
        Assert.Contains("No partition to delete", said, StringComparison.Ordinal);
        Assert.Equal(["a"], await IdsAsync(folder));
        Assert.Equal(2, (await Cli.RunAsync(["ttl", folder.Table])).Code);
        Assert.Equal(2, (await Cli.RunAsync(["ttl", folder.Table, "--days", "3", "--option", "hoodie.partition.ttl.management.strategy.type=MINE"])).Code);
    }

    private static string Row(string id, int ts, string partition) => JsonSerializer.Serialize(new { id, ts, p = partition }) + "\n";

    private static async Task<List<string>> IdsAsync(TableFolder folder) =>
        [.. (await Cli.DoAsync("", "read", folder.Table, "--format", "jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("id").GetString()!).Order()];
}
