namespace OllaLab.Lakehouse.Cli.Tests;

/// <summary>What a dry run of each service says, and that it writes nothing.</summary>
public sealed class DryRunTests : IDisposable
{
    private readonly TableFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Would merge 2 log files of 1 file groups", "compact")]
    [InlineData("Would merge 2 log files of 1 file groups", "logcompact", "--option", "hoodie.log.compaction.blocks.threshold=2")]
    [InlineData("Would make the savepoint", "savepoint create")]
    [InlineData("Would cluster 1 file groups", "cluster")]
    [InlineData("", "clean")]
    [InlineData("", "archive")]
    [InlineData("Would roll back deltacommit", "rollback", "--instant", "LATEST")]
    [InlineData("Would restore", "restore", "--to", "FIRST")]
    [InlineData("No partition to delete", "ttl", "--days", "3")]
    public async Task Nothing_is_written(string says, string command, params string[] more)
    {
        await CreateAsync();
        var instants = (await Cli.DoAsync("", "timeline", folder.Table, "--json")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => System.Text.Json.JsonDocument.Parse(l).RootElement.GetProperty("instant").GetString()!).ToList();
        var before = Files();
        var (code, _, error) = await Cli.RunAsync([.. command.Split(' '), folder.Table, "--dry-run", .. more.Select(m => m == "LATEST" ? instants[^1] : m == "FIRST" ? instants[0] : m)]);
        Assert.Equal((0, true), (code, error.Contains(says, StringComparison.Ordinal) ? true : throw new InvalidOperationException(error)));
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task A_plan_that_is_there_is_named()
    {
        await CreateAsync();
        await Cli.DoAsync("", "compact", folder.Table, "--schedule");
        Assert.Contains("planned in ", (await Cli.RunAsync(["compact", folder.Table, "--dry-run"])).Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Cli.RunAsync(["compact", folder.Table, "--dry-run", "--execute"])).Code);
    }

    [Theory]
    [InlineData("Compacting", "compact")]
    [InlineData("Compacting", "logcompact")]
    [InlineData("Clustering", "cluster")]
    [InlineData("Cleaning", "clean")]
    [InlineData("Archiving", "archive")]
    [InlineData("Making a savepoint", "savepoint", "create")]
    [InlineData("Deleting partitions", "ttl", "--days", "3")]
    public async Task Each_service_shows_its_progress_on_a_terminal(string says, params string[] command)
    {
        await CreateAsync();
        var error = new StringWriter();
        var context = new CommandContext(() => Stream.Null, () => new MemoryStream(), error) { IsErrorTerminal = true, Patience = TimeSpan.Zero };
        Assert.Equal(0, await CommandLine.RunAsync([.. command, folder.Table], context));
        Assert.StartsWith("\r" + says, error.ToString(), StringComparison.Ordinal);
    }

    private async Task CreateAsync()
    {
        await Cli.DoAsync("", "create", folder.Table, "--name", "t", "--schema", "id string, ts bigint", "--key", "id", "--ordering", "ts", "--type", "mor");
        foreach (var ts in new[] { 1, 2, 3 })
        {
            await Cli.DoAsync($$"""{"id": "a", "ts": {{ts}}}""" + "\n", "write", folder.Table, "--input", "-");
        }
    }

    private List<string> Files() => [.. Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
}
