namespace OllaLab.Lakehouse.Cli.Tests;

public class AlterCommandTests
{
    [Fact]
    public async Task Columns_are_changed_with_the_table_named_first()
    {
        using var folder = new TableFolder();
        await Cli.DoAsync("", "create", folder.Table, "--name", "t", "--schema", "id string, ts bigint, n int", "--key", "id", "--ordering", "ts");
        await Cli.DoAsync("""{"id": "a", "ts": 1, "n": 5}""" + "\n", "write", folder.Table, "--input", "-");
        Assert.Contains("note", await Cli.DoAsync("", "alter", folder.Table, "add", "note", "string", "--after", "id", "--dry-run"), StringComparison.Ordinal);
        await Cli.DoAsync("", "alter", folder.Table, "add", "note", "string", "--after", "id");
        await Cli.DoAsync("", "alter", folder.Table, "rename", "n", "number");
        await Cli.DoAsync("", "alter", folder.Table, "type", "number", "bigint");
        await Cli.DoAsync("", "alter", folder.Table, "reorder", "number", "--after", "id");
        await Cli.DoAsync("", "alter", folder.Table, "drop", "note");
        Assert.Equal("""{"id":"a","number":5,"ts":1}""", (await Cli.DoAsync("", "read", folder.Table, "--columns", "id,number,ts", "--format", "jsonl")).Trim());
        Assert.Equal(2, (await Cli.RunAsync(["alter", folder.Table])).Code);
        Assert.Equal(2, (await Cli.RunAsync(["alter", "drop", "note"])).Code);
    }
}
