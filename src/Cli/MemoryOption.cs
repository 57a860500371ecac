using System.CommandLine;

namespace OllaLab.Lakehouse.Cli;

/// <summary><c>--memory MIB</c></summary>
internal static class MemoryOption
{
    /// <param name="what">What may hold the memory.</param>
    public static Option<int?> Make(string what) => new("--memory") { Description = $"MiB that the {what} may hold before it spills to disk; default 256", HelpName = "MIB" };

    public static LakehouseOptions Resources(int? memory)
    {
        try
        {
            return memory is { } mib ? new LakehouseOptions { MemoryBudget = (long)mib << 20 } : new LakehouseOptions();
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new UsageException("--memory must be at least 16");
        }
    }
}
