namespace OllaLab.Lakehouse.Cli.Tests;

public class UsageTests
{
    [Theory]
    [InlineData("Required argument 'TABLE' missing", "read")]
    [InlineData("'merge' not recognized", "write", "t", "--operation", "merge", "--input", "x.jsonl")]
    [InlineData("--input", "write", "t")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("Give the columns either with --schema or with --like", "create", "t", "--key", "id")]
    [InlineData("Give the columns either with --schema or with --like", "create", "t", "--schema", "id string", "--like", "x.parquet")]
    [InlineData("--type mixed is neither cow nor mor", "create", "t", "--schema", "id string", "--type", "mixed")]
    [InlineData("--option takes key=value, not 'x'", "create", "t", "--schema", "id string", "--option", "x")]
    [InlineData("--option hoodie.parquet.max.file.size: big is not a whole number", "write", "t", "--input", "x.jsonl", "--option", "hoodie.parquet.max.file.size=big")]
    [InlineData("--table takes name=TABLE, not 'trips'", "sql", "select 1", "--table", "trips")]
    [InlineData("--as-of x: no --table or --read-optimized has that name", "sql", "select 1", "--as-of", "x=2026")]
    [InlineData("the format of x.txt does not show in its name", "write", "t", "--input", "x.txt")]
    [InlineData("--memory must be at least 16", "write", "t", "--input", "x.jsonl", "--memory", "3")]
    public async Task Wrong_usage_is_told_and_ends_with_2(string message, params string[] args)
    {
        var (code, output, error) = await Cli.RunAsync(args);
        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(message, error);
        Assert.DoesNotContain("   at ", error);
    }

    [Fact]
    public async Task Help_states_the_exit_codes()
    {
        string[][] commands = [[], ["create"], ["write"], ["read"], ["sql"], ["timeline"], ["files"], ["schema"], ["config"], ["rollback"]];
        foreach (var command in commands)
        {
            Assert.Single((await Cli.DoAsync("", [.. command, "--help"])).Split('\n'), l => l.Trim() == "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 conflict: try again.");
        }
    }

    [Fact]
    public async Task Failures_are_one_line_with_place_and_remedy()
    {
        using var folder = new TableFolder();
        var (code, output, error) = await Cli.RunAsync(["schema", folder.Root]);
        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("lakehouse: ", error);
        Assert.Contains(folder.Root, error);

        (_, _, error) = await Cli.RunAsync(["schema", folder.Root, "--verbose"]);
        Assert.Contains("   at ", error);

        (code, _, error) = await Cli.RunAsync(["schema", folder.Root, "--json"]);
        Assert.Equal(1, code);
        var json = System.Text.Json.JsonDocument.Parse(error).RootElement;
        Assert.Equal("NotFound", json.GetProperty("kind").GetString());
        Assert.Equal(folder.Root, json.GetProperty("table").GetString());
    }

    [Fact]
    public void A_conflict_ends_with_3()
    {
        var context = new CommandContext(() => Stream.Null, () => Stream.Null, TextWriter.Null);
        Assert.Equal(3, ErrorPrinter.Print(new LakehouseException(LakehouseErrorKind.Conflict, "x"), context, false, false));
        Assert.Equal(1, ErrorPrinter.Print(new LakehouseException(LakehouseErrorKind.OutcomeUnknown, "x"), context, false, false));
        Assert.Equal(1, ErrorPrinter.Print(new InvalidOperationException("x"), context, false, false));
    }
}
