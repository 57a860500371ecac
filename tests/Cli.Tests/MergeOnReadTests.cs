namespace OllaLab.Lakehouse.Cli.Tests;

/// <summary>A merge-on-read table with change data from the command line: what base files hold, what logs make of it, what changed.</summary>
public class MergeOnReadTests : IAsyncLifetime
{
    private readonly TableFolder _folder = new();
    private string _first = string.Empty;

    public async ValueTask InitializeAsync()
    {
        await Cli.DoAsync(
            "", "create", _folder.Table, "--type", "mor", "--schema", "id string, ts bigint", "--key", "id", "--ordering", "ts",
            "--option", "hoodie.table.cdc.enabled=true");
        _first = TableCommandTests.Lines(await Cli.DoAsync("""{"id":"a","ts":1}""" + "\n" + """{"id":"b","ts":1}""" + "\n", "write", _folder.Table, "--input", "-", "--json"))[0].GetProperty("completion_time").GetString()!;
        await Cli.DoAsync("""{"id":"b","ts":2}""" + "\n", "write", _folder.Table, "--input", "-");
        await Cli.DoAsync("""{"id":"a"}""" + "\n", "write", _folder.Table, "--operation", "delete", "--input", "-");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Queries_read_it()
    {
        Assert.Equal("id,ts\nb,2\n", await Read());
        Assert.Equal("id,ts\na,1\nb,1\n", await Read("--query", "read_optimized"));
        Assert.Equal("id,ts\nb,2\n", await Read("--query", "incremental", "--begin", _first));
        Assert.Equal("""{"op":"u","before":{"id":"b","ts":1},"after":{"id":"b","ts":2}}""", Changes((await Cli.DoAsync("", "read", _folder.Table, "--query", "cdc", "--begin", _first, "--limit", "1", "--format", "jsonl")).TrimEnd()));
    }

    [Fact]
    public async Task Sql_reads_it()
    {
        Assert.Equal("id,ts\nb,2\n", await Cli.DoAsync("", "sql", "select id, ts from t", "--table", "t=" + _folder.Table, "--format", "csv"));
        Assert.Equal("ts\n1\n1\n", await Cli.DoAsync("", "sql", "select ts from t", "--read-optimized", "t=" + _folder.Table, "--format", "csv"));
        Assert.Equal("op,was,is\nu,b,b\nd,a,\n", await Cli.DoAsync(
            "", "sql", "select op, before.id was, after.id \"is\" from f order by ts_ms", "--changes", "f=" + _folder.Table, "--begin", "f=" + _first, "--format", "csv"));
        Assert.Equal(2, (await Cli.RunAsync(["sql", "select 1", "--begin", "f=1"])).Code);
    }

    private async Task<string> Read(params string[] arguments) => await Cli.DoAsync("", ["read", _folder.Table, "--columns", "id,ts", "--format", "csv", .. arguments]);

    private static string Changes(string line) => System.Text.RegularExpressions.Regex.Replace(line, "\"ts_ms\":\"[0-9]{17}\",", string.Empty);
}
