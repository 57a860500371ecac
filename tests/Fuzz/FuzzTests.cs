using System.Globalization;

namespace OllaLab.Lakehouse.Fuzz;

/// <summary>
/// Every decoder on damaged files. FUZZ_SECONDS=600 gives each target so long (default: half a second, whole tables four), FUZZ_TARGET runs one alone, FUZZ_ROUND replays one round of it, FUZZ_FIRST
/// begins at another.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static int? Number(string name) => int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    [Fact]
    public async Task What_is_whole_is_decoded()
    {
        foreach (var target in Targets.All().Where(t => t.Name != "s3"))
        {
            foreach (var sample in target.Samples.DistinctBy(s => s.Name).Where((_, i) => i % Math.Max(1, target.Samples.Count / 20) == 0))
            {
                try
                {
                    await target.DecodeAsync(sample);
                }
                catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.Unsupported)
                {
                    output.WriteLine($"{target.Name} {sample.Name}: {e.Message}");
                }
            }
        }
    }

    [Fact]
    public async Task What_is_damaged_is_refused_by_name_in_bounded_time_and_memory()
    {
        var only = Environment.GetEnvironmentVariable("FUZZ_TARGET");
        var targets = Targets.All().Where(t => string.IsNullOrEmpty(only) || t.Name == only).ToList();
        Assert.NotEmpty(targets);
        var failures = new List<string>();
        await using var log = new StringWriter();
        foreach (var target in targets)
        {
            var run = new FuzzRun(target, Number("FUZZ_SECONDS") is null ? log : Console.Out);
            var (rounds, refused, failed) = Number("FUZZ_ROUND") is { } round
                ? await run.RunAsync(1, TimeSpan.MaxValue, round)
                : await run.RunAsync(Number("FUZZ_SECONDS") is null ? 400 : int.MaxValue, TimeSpan.FromSeconds(Number("FUZZ_SECONDS") ?? (target.Name == TableTarget.Name ? 4 : 0.5)), Number("FUZZ_FIRST") ?? 0);
            failures.AddRange(failed);

            // Damage that is never noticed was not seen by the decoder.
            Assert.True(refused > 0 || rounds < 20, $"{target.Name}: {rounds} rounds, none refused");
        }

        output.WriteLine(log.ToString());
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }
}
