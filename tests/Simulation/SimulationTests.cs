using System.Globalization;

namespace OllaLab.Lakehouse.Simulation;

/// <summary>Seeded histories of several processes on one table. SIMULATION_SEED replays one, SIMULATION_SEEDS=N runs so many more.</summary>
public class SimulationTests(ITestOutputHelper output)
{
    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [Fact]
    public async Task Whatever_happens_the_invariants_hold()
    {
        int steps = Number("SIMULATION_STEPS") ?? 5000;
        var seeds = Number("SIMULATION_SEED") is { } one ? [one] : Enumerable.Range(1, Number("SIMULATION_SEEDS") ?? 5).ToList();
        int made = 0;
        var services = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var seed in seeds)
        {
            var (done, history) = await Run.RunAsync(seed, steps);
            made += done;
            output.WriteLine($"seed {seed}: {done} steps, {history.Writes.Values.Count(w => w.Acknowledged is not null)} of {history.Writes.Count} writes acknowledged, {string.Join(", ", history.Services.Select(s => $"{s.Key} {s.Value}"))}");
            foreach (var (service, times) in history.Services)
            {
                services[service] = services.GetValueOrDefault(service) + times;
            }
        }

        output.WriteLine($"{made} steps, {string.Join(", ", services.Select(s => $"{s.Key} {s.Value}"))}");
        Assert.True(seeds.Count < 20 || services.Count(s => s.Value > 0) == 4, "not every service had something to do");

        Assert.True(made >= seeds.Count * steps * 3 / 4, $"only {made} steps");
    }

    [Theory]
    [InlineData("Lock")]
    [InlineData("ReadBack")]
    [InlineData("Markers")]
    [InlineData("Cleaner")]
    [InlineData("Archive")]
    public async Task What_is_broken_is_noticed(string mutation)
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            try
            {
                await Run.RunAsync(seed, mutation == "Archive" ? 4000 : 1000, Enum.Parse<Mutation>(mutation));
            }
            catch (SimulationException e)
            {
                // Which invariant it was.
                output.WriteLine(e.Message);
                return;
            }
        }

        Assert.Fail("No invariant noticed.");
    }
}
