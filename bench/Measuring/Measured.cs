namespace OllaLab.Lakehouse.Bench.Measuring;

/// <summary>One run of one item. Times in milliseconds, memory in MiB.</summary>
/// <param name="Wall">By the clock.</param>
/// <param name="Cpu">Of all threads of the process, user and system.</param>
/// <param name="Private">Peak of memory that belongs to the process alone (RssAnon, looked at every 5 ms).</param>
/// <param name="Resident">Peak resident memory (VmHWM), with the pages of mapped input and libraries.</param>
/// <param name="Check">What the run found, to compare with another's: rows or bytes.</param>
/// <param name="Second">A second figure of the item's own, in milliseconds.</param>
internal sealed record Measured(double Wall, double Cpu, double Private, double Resident, double Check = 0, double Second = 0)
{
    /// <summary>What the row is about where that is no time: in the row's unit, less is better.</summary>
    public double? Figure { get; init; }

    /// <summary>What else is to be told of it, in words.</summary>
    public string Note { get; init; } = "";

    /// <summary>Lines of a table of its own.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];
}
