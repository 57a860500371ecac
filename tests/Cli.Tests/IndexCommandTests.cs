using System.Text.Json;

namespace OllaLab.Lakehouse.Cli.Tests;

public class IndexCommandTests
{
    [Fact]
    public async Task Indexes_are_created_listed_and_dropped()
    {
        using var folder = new TableFolder();
        await Cli.DoAsync("", "create", folder.Table, "--name", "t", "--schema", "id string, ts bigint, p string", "--key", "id", "--partition", "p", "--ordering", "ts", "--type", "mor");
        await Cli.DoAsync(Row("a", 1, "x") + Row("b", 1, "y"), "write", folder.Table, "--input", "-");
        Assert.Equal(1, (await Cli.RunAsync(["index", "create", folder.Table, "secondary", "--column", "ts"])).Code);
        Assert.Equal("record_index", JsonDocument.Parse(await Cli.DoAsync("", "index", "create", folder.Table, "record_index", "--option", "hoodie.metadata.record.index.min.filegroup.count=2", "--json")).RootElement.GetProperty("index").GetString());
        await Cli.DoAsync("", "index", "create", folder.Table, "secondary", "--column", "ts", "--name", "by_ts", "--schedule");
        Assert.Equal(["planned"], await StatesAsync(folder, "secondary_index_by_ts"));
        await Cli.DoAsync("", "index", "run", folder.Table);
        await Cli.DoAsync(Row("a", 2, "x") + Row("c", 1, "x"), "write", folder.Table, "--input", "-", "--index", "record_index");
        Assert.Equal(["ready"], await StatesAsync(folder, "secondary_index_by_ts"));
        Assert.Equal(["ready"], await StatesAsync(folder, "record_index"));

        var (code, _, said) = await Cli.RunAsync(["index", "drop", folder.Table, "by_ts", "--dry-run"]);
        Assert.Equal(0, code);
        Assert.Contains("Would drop", said, StringComparison.Ordinal);
        await Cli.DoAsync("", "index", "drop", folder.Table, "by_ts");
        Assert.Empty(await StatesAsync(folder, "secondary_index_by_ts"));
        Assert.Contains("There is no index", (await Cli.RunAsync(["index", "drop", folder.Table, "by_ts"])).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Cli.RunAsync(["index", "create", folder.Table, "fulltext"])).Code);
    }

    private static string Row(string id, int ts, string partition) => JsonSerializer.Serialize(new { id, ts, p = partition }) + "\n";

    private static async Task<List<string>> StatesAsync(TableFolder folder, string index) =>
    [
        .. (await Cli.DoAsync("", "index", "status", folder.Table, "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)
            .Where(i => i.GetProperty("index").GetString() == index).Select(i => i.GetProperty("state").GetString()!),
    ];
}
