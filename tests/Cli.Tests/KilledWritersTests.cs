using System.Text.Json;
using System.Text.Json.Nodes;
using OllaLab.Lakehouse.TestSupport;

namespace OllaLab.Lakehouse.Cli.Tests;

/// <summary>Real processes on the local disk, some of them killed.</summary>
public sealed class KilledWritersTests(ITestOutputHelper output) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("killed").FullName;

    public void Dispose() => Directory.Delete(folder, true);

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task What_was_acknowledged_is_there_and_the_rest_whole_or_not_at_all(bool overlap, int writes)
    {
        var table = folder + "/t";
        await Cli.DoAsync(string.Empty, "create", table, "--schema", "id string, part string, ts bigint", "--key", "id", "--partition", "part", "--ordering", "ts");
        int seed = Environment.TickCount;
        try
        {
            var (acknowledged, all, killed) = await KilledWriters.RunAsync(table, new Dictionary<string, string>(), KilledWriters.Writes(writes), seed, overlap);
            var rows = (await Cli.DoAsync(string.Empty, "read", table, "--json", "--columns", "id")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            KilledWriters.Check([.. rows.Select(r => JsonDocument.Parse(r).RootElement.GetProperty("id").GetString()!)], acknowledged, all, overlap);
            Assert.True(acknowledged.Count + killed >= all.Count);
            output.WriteLine($"{acknowledged.Count} of {all.Count} writes acknowledged, {killed} killed");
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
        }

        if (Oracle.Instance is { } oracle)
        {
            Assert.Empty(oracle.Ask(new JsonObject { ["op"] = "validate", ["table"] = table }).GetProperty("problems").EnumerateArray());
        }
    }
}
