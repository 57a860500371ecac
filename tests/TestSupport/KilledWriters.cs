namespace OllaLab.Lakehouse.TestSupport;

/// <summary>
/// Four processes that write to one table at once, some of which are killed at any moment; afterwards one writes alone. Each write brings two keys of its own and, where they overlap, one that
/// all bring.
/// </summary>
public static class KilledWriters
{
    // Short lives, so that what a dead process holds ends within the test.
    private static readonly string[] Options =
    [
        "hoodie.write.concurrency.mode=optimistic_concurrency_control", "hoodie.write.num.retries.on.conflict.failures=50", "hoodie.time.generator.max_expected_clock_skew_ms=0",
        "hoodie.client.heartbeat.interval_in_ms=1000", "hoodie.client.heartbeat.tolerable.misses=2",
        "hoodie.write.lock.provider=org.apache.hudi.client.transaction.lock.StorageBasedLockProvider", "hoodie.write.lock.storage.validity.timeout.secs=10", "hoodie.write.lock.storage.renew.interval.secs=1",
    ];

    /// <summary>How many writes of each process: a few, or as many as KILLED_WRITERS says.</summary>
    public static int Writes(int few) => int.TryParse(Environment.GetEnvironmentVariable("KILLED_WRITERS"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int many) ? many : few;

    /// <param name="table">Its location.</param>
    /// <param name="environment">Of the processes.</param>
    /// <param name="writes">Of each process.</param>
    /// <param name="seed">Which are killed, and when.</param>
    /// <param name="overlap">Whether they have a key in common.</param>
    /// <returns>The writes that were acknowledged, and all there were.</returns>
    public static async Task<(IReadOnlyList<string> Acknowledged, IReadOnlyList<string> All, int Killed)> RunAsync(string table, IReadOnlyDictionary<string, string> environment, int writes, int seed, bool overlap = true)
    {
        var random = new Random(seed);
        var plan = Enumerable.Range(0, 4).Select(w => Enumerable.Range(0, writes).Select(n => (Name: $"w{w}n{n}", KillAfter: random.Next(3) == 0 ? random.Next(200, 2500) : -1)).ToList()).ToList();
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<string>();
        int killed = 0;
        await Task.WhenAll(plan.Select(mine => Task.Run(async () =>
        {
            foreach (var (name, killAfter) in mine)
            {
                using var process = Start(table, environment, name, overlap);
                if (killAfter >= 0)
                {
                    await Task.Delay(killAfter);
                    process.Kill();
                }

                var (code, _, error) = await process.WaitAsync();
                if (code == 0)
                {
                    acknowledged.Add(name);
                }
                else if (killAfter >= 0)
                {
                    Interlocked.Increment(ref killed);
                }
                else
                {
                    throw new InvalidOperationException($"{name} ended with {code}: {error}");
                }
            }
        })));

        // The last one finds what the dead have left, once their heartbeats are over.
        await Task.Delay(TimeSpan.FromSeconds(3));
        using var last = Start(table, environment, "last", overlap);
        var end = await last.WaitAsync();
        return end.Code == 0 ? ([.. acknowledged, "last"], [.. plan.SelectMany(p => p.Select(w => w.Name)), "last"], killed) : throw new InvalidOperationException($"The last write ended with {end.Code}: {end.Error}");
    }

    /// <summary>Holds what a table holds against what its writers were told: each write is there whole or not at all, those that were acknowledged are, and no key is there twice.</summary>
    public static void Check(IReadOnlyCollection<string> keys, IReadOnlyList<string> acknowledged, IReadOnlyList<string> all, bool overlap = true)
    {
        Require(keys.Count == keys.Distinct().Count(), "a key is there twice");
        Require(keys.Contains("all") == overlap, "the common key is missing");
        foreach (var write in all)
        {
            bool one = keys.Contains(write + "a"), other = keys.Contains(write + "b");
            Require(one == other, $"{write} is there in part");
            Require(one || !acknowledged.Contains(write), $"{write} was acknowledged and is lost");
        }
    }

    private static LakehouseProcess Start(string table, IReadOnlyDictionary<string, string> environment, string name, bool overlap) => LakehouseProcess.Start(
        string.Concat(new[] { name + "a", name + "b", "all" }.Take(overlap ? 3 : 2).Select((id, i) => $"{{\"id\":\"{id}\",\"part\":\"{(i == 1 ? "q" : "p")}\",\"ts\":{Environment.TickCount64}}}\n")),
        environment,
        ["write", table, "--input", "-", "--quiet", .. Options.SelectMany(o => new[] { "--option", o })]);

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException("After the writers: " + otherwise);
        }
    }
}
