using BenchmarkDotNet.Running;

namespace OllaLab.Lakehouse.Bench.Kernels;

internal static class KernelRun
{
    public static void Run(string[] arguments) => BenchmarkSwitcher.FromAssembly(typeof(KernelRun).Assembly).Run(arguments.Length == 0 ? ["--filter", "*"] : arguments);
}
