using System.Diagnostics;
using System.Globalization;

namespace OllaLab.Lakehouse.Bench.Measuring;

/// <summary>Measures one piece of work in this process.</summary>
internal static class Meter
{
    public static async Task<Measured> RunAsync(Func<Task<double>> work)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        // Resets VmHWM.
        await File.WriteAllTextAsync("/proc/self/clear_refs", "5");
        using var sampler = new Sampler();
        using var process = Process.GetCurrentProcess();
        var cpu = process.TotalProcessorTime;
        var started = Stopwatch.GetTimestamp();
        var check = await work();
        var wall = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        var spent = process.TotalProcessorTime - cpu;
        return new Measured(wall.TotalMilliseconds, spent.TotalMilliseconds, sampler.Peak / 1024.0, Status("VmHWM:") / 1024.0, check);
    }

    private static long Status(string name)
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(name.Length).Trim().TrimEnd(" kB"), CultureInfo.InvariantCulture);
            }
        }

        return 0;
    }

    private sealed class Sampler : IDisposable
    {
        private readonly Thread thread;
        private volatile bool stop;

        public Sampler()
        {
            thread = new Thread(Run) { IsBackground = true };
            thread.Start();
        }

        /// <summary>KiB.</summary>
        public long Peak { get; private set; }

        public void Dispose()
        {
            stop = true;
            thread.Join();
        }

        private void Run()
        {
            while (!stop)
            {
                Peak = Math.Max(Peak, Status("RssAnon:"));
                Thread.Sleep(5);
            }
        }
    }
}
