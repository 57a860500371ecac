using System.Diagnostics;
using OllaLab.Lakehouse.ParquetFiles;

namespace OllaLab.Lakehouse.Simulation;

/// <summary>
/// When nothing is computed any more: the thread pool, on which all processes run, has no work, and of its threads none is busy but those that wait for a storage operation. Only then a choice
/// among all that wait does not depend on who was faster.
/// </summary>
internal sealed class ThreadPoolRest
{
    // However busy the machine is; were something else to keep a thread of the pool for good, each step would last so long.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim noted = new(0);

    // Threads that the test runner keeps busy.
    private readonly int others;

    public ThreadPoolRest()
    {
        others = int.MaxValue;
        for (int i = 0; i < 20; i++)
        {
            others = Math.Min(others, Busy() - Own);
            Thread.Sleep(1);
        }
    }

    /// <summary>Whether what is running now is waited for by a blocked thread of the pool: native code reads Parquet files synchronously (RangeStream).</summary>
    public static bool IsAwaitedByAThread =>
        Task.CurrentId is not null && new StackTrace(false).GetFrames().Any(f => f.GetMethod()?.DeclaringType is { } type && (type == typeof(RangeStream) || type.DeclaringType == typeof(RangeStream)));

    /// <summary>Something has come to rest: worth a look.</summary>
    public void Note() => noted.Release();

    /// <summary>Waits until all is at rest.</summary>
    /// <param name="blocked">How many threads wait for storage operations that have not had their turn.</param>
    public void Wait(Func<int> blocked)
    {
        var started = Stopwatch.GetTimestamp();
        while ((ThreadPool.PendingWorkItemCount > 0 || Busy() != others + Own + blocked()) && Stopwatch.GetElapsedTime(started) < Grace)
        {
            // Who notes something is busy for a moment yet. Where many processes want the processor, one that sleeps has its turn sooner than one that spins.
            if (noted.Wait(1))
            {
                Thread.SpinWait(200);
            }
        }
    }

    private static int Own => Thread.CurrentThread.IsThreadPoolThread ? 1 : 0;

    private static int Busy()
    {
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int available, out _);
        return most - available;
    }
}
