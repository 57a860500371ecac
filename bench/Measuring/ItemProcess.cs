using System.Diagnostics;
using System.Text.Json;
using OllaLab.Lakehouse.Bench.Items;

namespace OllaLab.Lakehouse.Bench.Measuring;

/// <summary>Each item runs in a process of its own: its memory and its compiled code are its own.</summary>
internal static class ItemProcess
{
    private const string Mark = "measured:";

    /// <summary>In the child: runs one item and says what was measured.</summary>
    public static async Task<int> RunAsync(string name, BenchOptions options)
    {
        if (!ItemList.All.TryGetValue(name, out var item))
        {
            await Console.Error.WriteLineAsync($"no item '{name}'; there are {string.Join(", ", ItemList.All.Keys)}");
            return 2;
        }

        var scratch = new Scratch(options);
        await using var work = new WorkFolder(scratch);
        Console.WriteLine(Mark + JsonSerializer.Serialize(await item(new ItemContext(options, scratch, work))));
        return 0;
    }

    /// <summary>In the parent.</summary>
    public static async Task<Measured> StartAsync(string name, BenchOptions options, IReadOnlyDictionary<string, string>? variables = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ItemProcess).Assembly.Location);
        }

        foreach (var argument in (IEnumerable<string>)["item", name, .. options.ToArguments()])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (variable, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        var line = output.Split('\n').FirstOrDefault(l => l.StartsWith(Mark, StringComparison.Ordinal));
        return process.ExitCode == 0 && line is not null
            ? JsonSerializer.Deserialize<Measured>(line[Mark.Length..])!
            : throw new InvalidOperationException($"The item {name} failed with exit code {process.ExitCode}.");
    }
}
