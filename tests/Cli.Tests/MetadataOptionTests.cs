using System.IO.Compression;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Cli.Tests;

public class MetadataOptionTests
{
    private const string Ignore = "hoodie.metadata.enable=false";

    [Fact]
    public async Task A_table_whose_metadata_table_is_gone_is_read_with_it_ignored()
    {
        using var folder = new TableFolder();
        ZipFile.ExtractToDirectory(Path.Combine(Repository.Goldens, "v9", "mor_metadata_indexes.zip"), folder.Root);
        var table = Path.Combine(folder.Root, "table");
        string[][] commands = [["read", table], ["files", table], ["sql", "select * from t", "--table", "t=" + table]];
        foreach (var command in commands)
        {
            var rows = TableCommandTests.Lines(await Cli.DoAsync("", [.. command, "--json"])).Count;
            Assert.True(rows > 0);
            Assert.Equal(rows, TableCommandTests.Lines(await Cli.DoAsync("", [.. command, "--json", "--option", Ignore])).Count);
        }

        Directory.Delete(Path.Combine(table, ".hoodie", "metadata"), recursive: true);
        foreach (var command in commands)
        {
            var (code, _, error) = await Cli.RunAsync(command);
            Assert.NotEqual(0, code);
            Assert.Contains(Ignore, error, StringComparison.Ordinal);
            await Cli.DoAsync("", [.. command, "--option", Ignore]);
        }
    }

    [Theory]
    [InlineData("hoodie.metadata.enable=maybe", "is not true or false")]
    [InlineData("hoodie.metadata.enabled=false", "is not known to reads")]
    public async Task A_setting_that_is_not_known_is_refused(string setting, string expected)
    {
        var (code, _, error) = await Cli.RunAsync(["read", "nowhere", "--option", setting]);
        Assert.NotEqual(0, code);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }
}
