namespace OllaLab.Lakehouse.Cli.Tests;

public class ReadCommandTests : IAsyncLifetime
{
    private readonly TableFolder _folder = new();
    private string _first = string.Empty;
    private string _firstCompleted = string.Empty;

    public async ValueTask InitializeAsync()
    {
        await TableCommandTests.Create(_folder);
        var first = TableCommandTests.Lines(await Cli.DoAsync(TableCommandTests.Row("a", 1) + TableCommandTests.Row("b", 2), "write", _folder.Table, "--input", "-", "--json"))[0];
        (_first, _firstCompleted) = (first.GetProperty("instant").GetString()!, first.GetProperty("completion_time").GetString()!);
        await Cli.DoAsync(TableCommandTests.Row("b", 3) + TableCommandTests.Row("c", 4), "write", _folder.Table, "--input", "-");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Rows_come_as_JSON_lines_with_meta_columns()
    {
        var rows = TableCommandTests.Lines(await Cli.DoAsync("", "read", _folder.Table, "--query", "snapshot", "--format", "jsonl"));
        Assert.Equal(["a", "b", "c"], rows.Select(r => r.GetProperty("id").GetString()).Order());
        var a = rows.Single(r => r.GetProperty("id").GetString() == "a");
        Assert.Equal((_first, "a", "oslo", "12.34", "2024-01-02T03:04:05.000006Z"), (
            a.GetProperty("_hoodie_commit_time").GetString(), a.GetProperty("_hoodie_record_key").GetString(), a.GetProperty("_hoodie_partition_path").GetString(),
            a.GetProperty("amount").GetRawText(), a.GetProperty("at").GetString()));
    }

    [Fact]
    public async Task Columns_conditions_limits_and_times_are_applied()
    {
        Assert.Equal("id,ts\nb,3\nc,4\n", Sorted(await Cli.DoAsync("", "read", _folder.Table, "--columns", "id,ts", "--where", "fare > 2 and city = 'oslo'", "--format", "csv")));
        Assert.Equal("id,ts\na,1\nb,2\n", Sorted(await Cli.DoAsync("", "read", _folder.Table, "--columns", "id", "--columns", "ts", "--as-of", _first, "--format", "csv")));
        Assert.Equal("id\nb\nc\n", Sorted(await Cli.DoAsync("", "read", _folder.Table, "--query", "incremental", "--begin", _firstCompleted, "--columns", "id", "--format", "csv")));
        Assert.Equal(2, (await Cli.DoAsync("", "read", _folder.Table, "--limit", "2")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("id,ts\n", await Cli.DoAsync("", "read", _folder.Table, "--columns", "id,ts", "--where", "ts > 100", "--format", "csv"));
        Assert.Empty(await Cli.DoAsync("", "read", _folder.Table, "--where", "ts > 100", "--json"));
    }

    [Theory]
    [InlineData("out.parquet")]
    [InlineData("out.csv")]
    [InlineData("out.jsonl")]
    public async Task What_is_read_can_be_written_to_another_table(string name)
    {
        var file = Path.Combine(_folder.Root, name);
        await Cli.DoAsync("", "read", _folder.Table, "--out", file);
        var other = Path.Combine(_folder.Root, "copy");
        await Cli.DoAsync("", "create", other, "--schema", await Cli.DoAsync("", "schema", _folder.Table), "--key", "id", "--partition", "city");
        await Cli.DoAsync("", "write", other, "--input", file);
        string[] columns = ["--columns", "id,ts,fare,amount,at,tags,city", "--json"];
        Assert.Equal(Sorted(await Cli.DoAsync("", ["read", _folder.Table, .. columns])), Sorted(await Cli.DoAsync("", ["read", other, .. columns])));
    }

    [Fact]
    public async Task Tables_are_for_people()
    {
        var text = await Cli.DoAsync("", "read", _folder.Table, "--columns", "id,tags", "--format", "table", "--as-of", _first);
        Assert.Contains("│ a  │ [\"x\"] │", text);
    }

    [Theory]
    [InlineData(1, "hoodie.table.cdc.enabled", "--query", "cdc")]
    [InlineData(2, "do not go with --query cdc", "--query", "cdc", "--columns", "id")]
    [InlineData(1, "The condition fare >> 1 is not understood at character 7", "--where", "fare >> 1")]
    [InlineData(1, "nope", "--columns", "nope")]
    [InlineData(1, "nope", "--where", "nope = 1")]
    [InlineData(2, "--begin and --end belong to --query incremental", "--begin", "000")]
    [InlineData(2, "--as-of does not go with --query incremental", "--query", "incremental", "--as-of", "2026")]
    [InlineData(2, "--format yaml is not one of table|jsonl|csv|parquet", "--format", "yaml")]
    [InlineData(2, "--limit must not be negative", "--limit", "-1")]
    public async Task What_cannot_be_read_is_told(int expected, string message, params string[] args)
    {
        var (code, output, error) = await Cli.RunAsync(["read", _folder.Table, .. args]);
        Assert.Equal(expected, code);
        Assert.Empty(output);
        Assert.Contains(message, error);
    }

    private static string Sorted(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return string.Concat(lines.Take(text.StartsWith('{') ? 0 : 1).Concat(lines.Skip(text.StartsWith('{') ? 0 : 1).Order(StringComparer.Ordinal)).Select(l => l + "\n"));
    }
}
