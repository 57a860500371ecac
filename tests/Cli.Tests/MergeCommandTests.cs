using System.Text.Json;

namespace OllaLab.Lakehouse.Cli.Tests;

public class MergeCommandTests
{
    [Fact]
    public async Task Rows_are_deleted_updated_and_inserted_by_condition()
    {
        using var folder = new TableFolder();
        await Cli.DoAsync("", "create", folder.Table, "--name", "t", "--schema", "id string, ts bigint, n int", "--key", "id", "--ordering", "ts");
        await Cli.DoAsync(Row("a", 1, 1) + Row("b", 1, 1) + Row("c", 1, 1), "write", folder.Table, "--input", "-");
        string[] merge = ["merge", folder.Table, "--input", "-", "--columns", "id string, ts bigint, n int, op string", "--delete-matched", "source.op = 'd'", "--update-matched", "--insert", "source.n > 5"];
        var done = JsonDocument.Parse(await Cli.DoAsync(Row("a", 2, 9, "d") + Row("b", 2, 9) + Row("x", 2, 9) + Row("y", 2, 3), [.. merge, "--json"])).RootElement;
        Assert.Equal((3, 1, 1, 1), (done.GetProperty("input_rows").GetInt32(), done.GetProperty("inserted").GetInt32(), done.GetProperty("updated").GetInt32(), done.GetProperty("deleted").GetInt32()));
        Assert.Equal(["b2 9", "c1 1", "x2 9"], (await Cli.DoAsync("", "read", folder.Table, "--format", "jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement).Select(r => $"{r.GetProperty("id")}{r.GetProperty("ts")} {r.GetProperty("n")}").Order());
        var (code, _, error) = await Cli.RunAsync(["merge", folder.Table, "--input", "-"], Row("a", 2, 9));
        Assert.NotEqual(0, code);
        Assert.Contains("no clause", error, StringComparison.Ordinal);
    }

    private static string Row(string id, int ts, int n, string? op = null) => JsonSerializer.Serialize(new { id, ts, n, op })
        .Replace(",\"op\":null", string.Empty, StringComparison.Ordinal) + "\n";
}
