using System.Diagnostics;
using System.Globalization;

namespace OllaLab.Lakehouse.Fuzz;

/// <summary>Runs a target on damage after damage, each round by a seed of its own, and holds what comes out against what may: a <see cref="LakehouseException"/>, in time, in little memory.</summary>
internal sealed class FuzzRun(FuzzTarget target, TextWriter log)
{
    // On a busy machine: what does not end at all is meant.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, string> failures = [];

    /// <param name="rounds">At most so many.</param>
    /// <param name="time">And at most so long.</param>
    /// <param name="first">The first one's number: a failure names it.</param>
    /// <returns>How many rounds, how many of them were refused, and what failed: one of each kind.</returns>
    public async Task<(int Rounds, int Refused, IReadOnlyCollection<string> Failures)> RunAsync(int rounds, TimeSpan time, int first = 0)
    {
        var clock = Stopwatch.StartNew();
        int refused = 0, round = 0;
        for (; round < rounds && (clock.Elapsed < time || round < 3) && failures.Count < 20; round++)
        {
            refused += await RoundAsync(first + round) ? 1 : 0;
        }

        log.WriteLine($"{target.Name}: {round} rounds, {refused} refused, {failures.Count} failures, {clock.Elapsed.TotalSeconds:F1} s, working set {Environment.WorkingSet >> 20} MB");
        return (round, refused, failures.Values);
    }

    private async Task<bool> RoundAsync(int round)
    {
        var random = new Random(HashCode(target.Name) + round);
        var sample = target.Samples[random.Next(target.Samples.Count)];
        var damaged = sample with { Content = new Mutator(random, target.Samples).Mutate(sample.Content) };
        long before = GC.GetTotalAllocatedBytes();
        bool refused = false;
        try
        {
            await Task.Run(() => target.DecodeAsync(damaged)).WaitAsync(Longest);
        }
        catch (LakehouseException)
        {
            refused = true;
        }
        catch (TimeoutException)
        {
            Note(round, sample, "endless", $"not done in {Longest.TotalSeconds} s");
        }
        catch (Exception e)
        {
            Note(round, sample, e.GetType().Name + Where(e), e.ToString());
        }

        long allocated = GC.GetTotalAllocatedBytes() - before;
        if (allocated > target.MostBytes + (300L * damaged.Content.Length))
        {
            Note(round, sample, "memory", $"{allocated >> 20} MB allocated for {damaged.Content.Length} bytes");
        }

        return refused;
    }

    private void Note(int round, Sample sample, string kind, string what)
    {
        if (failures.TryAdd(kind, $"{target.Name} on {sample.Name}, replayed by FUZZ_TARGET={target.Name} FUZZ_ROUND={round.ToString(CultureInfo.InvariantCulture)}: {what}"))
        {
            log.WriteLine(failures[kind]);
        }
    }

    // The first frame of this library: one failure of each kind is enough.
    private static string Where(Exception e) => e.StackTrace?.Split('\n').FirstOrDefault(l => l.Contains("OllaLab.Lakehouse.", StringComparison.Ordinal) && !l.Contains("Fuzz", StringComparison.Ordinal)) ?? string.Empty;

    private static int HashCode(string text) => text.Aggregate(17, static (h, c) => unchecked((h * 31) + c));
}
