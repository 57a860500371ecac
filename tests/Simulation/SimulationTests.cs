using System.Globalization;

namespace OllaLab.Lakehouse.Simulation;

/// <summary>Seeded histories of several processes on one table. SIMULATION_SEED replays one, SIMULATION_SEEDS=N runs so many, from SIMULATION_FIRST on.</summary>
public class SimulationTests(ITestOutputHelper output)
{
    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [Fact]
    public async Task Whatever_happens_the_invariants_hold()
    {
        int steps = Number("SIMULATION_STEPS") ?? 2000;
        var seeds = Number("SIMULATION_SEED") is { } one ? [one] : Enumerable.Range(Number("SIMULATION_FIRST") ?? 1, Number("SIMULATION_SEEDS") ?? 5).ToList();
        int made = 0;
        var services = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var failures = new List<SimulationException>();
        foreach (var seed in seeds)
        {
            (int Steps, History History) run;
            try
            {
                run = await Run.RunAsync(seed, steps);
            }
            catch (SimulationException e)
            {
                // The others may tell more.
                output.WriteLine(e.Message);
                failures.Add(e);
                continue;
            }

            var (done, history) = run;
            made += done;
            if (Environment.GetEnvironmentVariable("SIMULATION_TRACE") is { } folder)
            {
                await File.WriteAllTextAsync(Path.Combine(folder, $"{seed}.{Environment.ProcessId}.steps"), history.Steps);
            }
            output.WriteLine($"seed {seed}: {done} steps, {history.Writes.Values.Count(w => w.Acknowledged is not null)} of {history.Writes.Count} writes acknowledged, {string.Join(", ", history.Services.Select(s => $"{s.Key} {s.Value}"))}");
            foreach (var (service, times) in history.Services)
            {
                services[service] = services.GetValueOrDefault(service) + times;
            }
        }

        output.WriteLine($"{made} steps, {string.Join(", ", services.Select(s => $"{s.Key} {s.Value}"))}");
        Assert.True(failures.Count == 0, $"{failures.Count} of {seeds.Count} histories failed; the first: {failures.FirstOrDefault()?.Message}");
        Assert.True(seeds.Count < 20 || services.Count(s => s.Value > 0) == 4, "not every service had something to do");

        Assert.True(made >= seeds.Count * steps * 3 / 4, $"only {made} steps");
    }

    [Fact]
    public async Task A_seed_makes_the_same_history_again()
    {
        var (steps, history) = await Run.RunAsync(6, 1000);
        var (again, same) = await Run.RunAsync(6, 1000);
        Assert.Equal(history.Steps, same.Steps);
        Assert.Equal(steps, again);
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
