using System.IO.Compression;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Cli.Tests;

public class PartitionColumnTests
{
    [Theory]
    [InlineData("spark", System.Text.Json.JsonValueKind.String)]
    [InlineData("stored", System.Text.Json.JsonValueKind.Number)]
    public async Task Partition_columns_are_shown_in_the_form_asked_for(string form, System.Text.Json.JsonValueKind kind)
    {
        using var folder = new TableFolder();
        ZipFile.ExtractToDirectory(Path.Combine(Repository.Goldens, "v9", "cow_timestamp_keygen.zip"), folder.Root);
        var table = Path.Combine(folder.Root, "table");
        var rows = TableCommandTests.Lines(await Cli.DoAsync("", "read", table, "--columns", "ev", "--limit", "3", "--partition-columns", form));
        Assert.Equal([kind, kind, kind], rows.Select(r => r.GetProperty("ev").ValueKind));
        Assert.Equal(System.Text.Json.JsonValueKind.String, TableCommandTests.Lines(await Cli.DoAsync("", "read", table, "--limit", "1"))[0].GetProperty("ev").ValueKind);
    }
}
