using System.CommandLine;

namespace OllaLab.Lakehouse.Cli;

/// <summary><c>--memory MIB</c></summary>
internal static class MemoryOption
{
    /// <param name="what">What may hold the memory.</param>
    public static Option<int?> Make(string what) => new("--memory") { Description = $"MiB that the {what} may hold before it spills to disk; default 256", HelpName = "MIB" };

    /// <param name="memory">What was given.</param>
    /// <param name="pairs">The command's --option; those of concurrency are taken out of it.</param>
    public static LakehouseOptions Resources(int? memory, Dictionary<string, string>? pairs = null)
    {
        var concurrency = TakeConcurrency(pairs ?? []);
        try
        {
            return memory is { } mib ? new LakehouseOptions { MemoryBudget = (long)mib << 20, Concurrency = concurrency } : new LakehouseOptions { Concurrency = concurrency };
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new UsageException("--memory must be at least 16");
        }
    }

    private static ConcurrencyOptions TakeConcurrency(Dictionary<string, string> pairs)
    {
        var taken = pairs.Where(p => ConcurrencyOptions.IsProperty(p.Key)).ToDictionary();
        foreach (var name in taken.Keys)
        {
            pairs.Remove(name);
        }

        return ConcurrencyOptions.FromProperties(taken);
    }
}
