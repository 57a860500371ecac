using System.Text.Json;

namespace OllaLab.Lakehouse.Cli.Tests;

public class CleanCommandTests
{
    private static List<JsonElement> Lines(string text) => [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement)];

    [Fact]
    public async Task Old_files_go_and_old_instants_are_archived()
    {
        using var folder = new TableFolder();
        await Cli.DoAsync("", "create", folder.Table, "--schema", "id string not null, n int", "--key", "id");
        for (var i = 0; i < 4; i++)
        {
            await Cli.DoAsync($"{{\"id\":\"a\",\"n\":{i}}}\n", "write", folder.Table, "--input", "-", "--option", "hoodie.metadata.enable=false");
        }

        var files = Directory.GetFiles(folder.Table, "*.parquet").Length;
        var planned = Lines(await Cli.DoAsync("", "clean", folder.Table, "--dry-run", "--json", "--option", "hoodie.clean.commits.retained=1"));
        Assert.NotEmpty(planned);
        Assert.Equal(files, Directory.GetFiles(folder.Table, "*.parquet").Length);
        var (code, _, error) = await Cli.RunAsync(["clean", folder.Table, "--option", "hoodie.clean.commits.retained=1"]);
        Assert.Equal(0, code);
        Assert.Contains($"{planned.Count} files deleted", error, StringComparison.Ordinal);
        Assert.Equal(files - planned.Count, Directory.GetFiles(folder.Table, "*.parquet").Length);
        Assert.Contains("Nothing to clean", (await Cli.RunAsync(["clean", folder.Table, "--option", "hoodie.cleaner.commits.retained=1"])).Error, StringComparison.Ordinal);

        string[] keep = ["--option", "hoodie.keep.min.commits=2", "--option", "hoodie.keep.max.commits=3", "--option", "hoodie.clean.commits.retained=1"];
        var old = Lines(await Cli.DoAsync("", ["archive", folder.Table, "--dry-run", "--json", .. keep]));
        Assert.Equal("commit", old[0].GetProperty("action").GetString());
        Assert.Contains($"Archived {old.Count} instants", (await Cli.RunAsync(["archive", folder.Table, .. keep])).Error, StringComparison.Ordinal);
        Assert.DoesNotContain(old[0].GetProperty("instant").GetString()!, await Cli.DoAsync("", "timeline", folder.Table), StringComparison.Ordinal);
        Assert.Contains(old[0].GetProperty("instant").GetString()!, await Cli.DoAsync("", "timeline", folder.Table, "--archived"), StringComparison.Ordinal);
        Assert.Contains("\"n\":3", await Cli.DoAsync("", "read", folder.Table, "--format", "jsonl"), StringComparison.Ordinal);
        Assert.Equal(2, (await Cli.RunAsync(["clean", folder.Table, "--option", "hoodie.clean.colour=red"])).Code);
        Assert.Equal(2, (await Cli.RunAsync(["archive", folder.Table, "--option", "hoodie.keep.max.commits=many"])).Code);
    }
}
