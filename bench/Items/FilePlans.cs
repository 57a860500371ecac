using System.Diagnostics;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>What a snapshot query does before it reads: a client that knows nothing opens the table and finds the latest slices of its file groups.</summary>
internal static class FilePlans
{
    private const int Plans = 5;

    public static Task<Measured> PlanAsync(ItemContext context, bool metadata) => RepeatAsync(async () =>
    {
        await using var table = await LakehouseTable.OpenAsync(context.Scratch.Files, new LakehouseOptions { Threads = context.Threads, UseMetadataTable = metadata });
        var plan = await table.PlanAsync(new ReadOptions(), default);
        return plan.Slices.Count > context.Options.Files ? plan.Slices.Count : throw new InvalidOperationException($"{plan.Slices.Count} slices.");
    });

    public static Task<Measured> ListAsync(ItemContext context) => RepeatAsync(() => Task.FromResult(List(context.Scratch.Files)));

    /// <summary>The files of a table's partitions, with their lengths.</summary>
    public static int List(string root) =>
        new DirectoryInfo(root).EnumerateDirectories("city*").Sum(d => d.EnumerateFiles().Count(f => f.Length > 0));

    /// <summary>The median of a few, after two.</summary>
    public static async Task<Measured> RepeatAsync(Func<Task<int>> plan)
    {
        await plan();
        await plan();
        var times = new List<double>();
        var measured = await Meter.RunAsync(async () =>
        {
            var files = 0;
            for (var i = 0; i < Plans; i++)
            {
                var started = Stopwatch.GetTimestamp();
                files = await plan();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return files;
        });
        return measured with { Wall = Statistics.Median(times), Cpu = measured.Cpu / Plans };
    }
}
