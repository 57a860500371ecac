using OllaLab.Lakehouse.Bench.Items;
using OllaLab.Lakehouse.Bench.Kernels;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench;

internal static class Program
{
    private const string Usage = """
        bench compare [--rows N] [--files N] [--only NAME[,NAME]] [--threads 2] [--repeat 3] [--scratch FOLDER] [--keep]
        bench kernels [BenchmarkDotNet arguments]
        """;

    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["compare", .. var rest] when BenchOptions.TryParse(rest, out var options):
                return await Comparison.RunAsync(options);
            case ["item", var name, .. var rest] when BenchOptions.TryParse(rest, out var options):
                return await ItemProcess.RunAsync(name, options);
            case ["kernels", .. var rest]:
                KernelRun.Run(rest);
                return 0;
            default:
                await Console.Error.WriteLineAsync(Usage);
                return 2;
        }
    }
}
