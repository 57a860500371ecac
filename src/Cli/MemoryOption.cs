using System.CommandLine;
using OllaLab.Lakehouse.FileGroups;

namespace OllaLab.Lakehouse.Cli;

/// <summary><c>--memory MIB</c></summary>
internal static class MemoryOption
{
    /// <param name="what">What may hold the memory.</param>
    public static Option<int?> Make(string what) => new("--memory") { Description = $"MiB that the {what} may hold before it spills to disk; default 256", HelpName = "MIB" };

    /// <param name="memory">What was given.</param>
    /// <param name="parsed">The command, whose --option may say who else writes; null: one that only reads.</param>
    public static LakehouseOptions Resources(int? memory, ParseResult? parsed = null)
    {
        var concurrency = parsed is null ? new ConcurrencyOptions() : TableLocation.Concurrency(parsed);
        try
        {
            var write = new WriteOptions { Progress = new WriteProgress() };
            return memory is { } mib ? new LakehouseOptions { MemoryBudget = (long)mib << 20, Concurrency = concurrency, Write = write } : new LakehouseOptions { Concurrency = concurrency, Write = write };
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new UsageException("--memory must be at least 16");
        }
    }
}
