namespace OllaLab.Lakehouse.Cli.Tests;

public class SqlCommandTests : IAsyncLifetime
{
    private readonly TableFolder _folder = new();
    private string _first = string.Empty;

    public async ValueTask InitializeAsync()
    {
        await TableCommandTests.Create(_folder);
        _first = TableCommandTests.Lines(await Cli.DoAsync(TableCommandTests.Row("a", 1) + TableCommandTests.Row("b", 2), "write", _folder.Table, "--input", "-", "--json"))[0].GetProperty("instant").GetString()!;
        await Cli.DoAsync(TableCommandTests.Row("b", 3), "write", _folder.Table, "--input", "-");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Tables_are_asked_and_joined_by_name_and_time()
    {
        string[] now = ["--table", "trips=" + _folder.Table];
        Assert.Equal("id,fare\na,1.5\nb,3.5\n", await Cli.DoAsync("", ["sql", "select id, fare from trips order by id", .. now, "--format", "csv"]));
        Assert.Equal("""{"was":2,"is":3,"amount":12.34,"at":"2024-01-02T03:04:05.000006Z","n":1}""" + "\n", await Cli.DoAsync("", [
            "sql", "select o.ts was, t.ts \"is\", t.amount, t.at, count(*) n from trips t join old o on o.id = t.id where t.ts <> o.ts group by all", .. now, "--table", "old=" + _folder.Table, "--as-of", "old=" + _first, "--json"]));
        Assert.Equal("id\na\n", await Cli.DoAsync("", ["sql", "select id from trips order by id", .. now, "--format", "csv", "--limit", "1"]));
        Assert.Equal("id,ts\n", await Cli.DoAsync("", ["sql", "select id, ts from trips where ts > 100", .. now, "--format", "csv"]));
        Assert.Contains("│ 2 │", await Cli.DoAsync("", ["sql", "select count(*) n from trips", .. now, "--format", "table"]));
        Assert.Contains("lakehouse", await Cli.DoAsync("", ["sql", "explain select * from trips where ts > 100", .. now]));
    }

    [Fact]
    public async Task Statements_that_give_files_work()
    {
        var file = Path.Combine(_folder.Root, "out.parquet");
        await Cli.DoAsync("", "sql", $"copy (select id, ts from trips) to '{file}'", "--table", "trips=" + _folder.Table);
        var other = Path.Combine(_folder.Root, "copy");
        await Cli.DoAsync("", "create", other, "--like", file, "--key", "id");
        await Cli.DoAsync("", "write", other, "--input", file);
        Assert.Equal("2\n", (await Cli.DoAsync("", "sql", "select count(*) from c", "--table", "c=" + other, "--format", "csv")).Split('\n', 2)[1]);
    }

    [Fact]
    public async Task What_is_wrong_is_one_line()
    {
        var (code, output, error) = await Cli.RunAsync(["sql", "selec 1"]);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.Contains("selec", error);
    }
}
