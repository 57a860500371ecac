using System.Text.Json;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Cli.Tests;

/// <summary>Files that the metadata table rules out, of a table that Hudi wrote.</summary>
public class SkippingTests
{
    private static readonly string Table = Golden.Open("v9/cow_metadata_indexes").Table;

    [Theory]
    [InlineData("fare > -1000000", true)]
    [InlineData("fare > 1000000", false)]
    [InlineData("_hoodie_record_key = 'no such key'", false)]
    public async Task Files_lists_those_that_may_hold_rows(string where, bool some)
    {
        var all = await FilesAsync();
        Assert.NotEmpty(all);
        Assert.Equal(some ? all : [], await FilesAsync("--where", where));
        Assert.Equal(all, await FilesAsync("--where", where, "--option", "hoodie.metadata.enable=false"));
    }

    [Fact]
    public async Task Explain_says_how_many_are_left() =>
        Assert.Contains("the metadata table 0,", await Cli.DoAsync("", "sql", "EXPLAIN SELECT * FROM t WHERE ts < 0", "--table", "t=" + Table, "--format", "csv"), StringComparison.Ordinal);

    private static async Task<IReadOnlyList<string>> FilesAsync(params string[] more) =>
        [.. (await Cli.DoAsync("", ["files", Table, "--json", .. more])).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement.GetProperty("file").GetString()!)];
}
