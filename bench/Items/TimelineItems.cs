using System.Diagnostics;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>The active timeline of a table with 10 000 completed instants (30 000 files), against the bare listing of its folder.</summary>
internal static class TimelineItems
{
    private const int Instants = 10_000;
    private const int Loads = 15;

    public static void Prepare(Scratch scratch)
    {
        var folder = Path.Combine(scratch.Folder, "timeline", ".hoodie", "timeline");
        Directory.CreateDirectory(folder);
        for (var i = 0; i < Instants; i++)
        {
            var time = new DateTime(2026, 1, 1).AddSeconds(i * 97);
            var requested = $"{time:yyyyMMddHHmmssfff}";
            foreach (var name in (string[])[$"{requested}.commit.requested", $"{requested}.inflight", $"{requested}_{time.AddMilliseconds(700):yyyyMMddHHmmssfff}.commit"])
            {
                File.WriteAllBytes(Path.Combine(folder, name), "x"u8.ToArray());
            }
        }
    }

    public static Task<Measured> LoadAsync(ItemContext context)
    {
        var root = Path.Combine(context.Scratch.Folder, "timeline");
        return RepeatAsync(async () =>
        {
            // A new client each time: nothing is remembered.
            var client = new TimelineClient(new LocalObjectStore(root), TimelineLayout.For(9, ".hoodie/timeline", TimeZoneInfo.Utc), LakehouseEnvironment.System);
            var timeline = await client.LoadAsync();
            return timeline.Instants.Count;
        });
    }

    public static Task<Measured> ListAsync(ItemContext context) =>
        RepeatAsync(() => Task.FromResult(Directory.GetFiles(Path.Combine(context.Scratch.Folder, "timeline", ".hoodie", "timeline")).Length / 3));

    private static async Task<Measured> RepeatAsync(Func<Task<int>> load)
    {
        var times = new List<double>();
        var found = 0;
        for (var i = 0; i < Loads; i++)
        {
            await load();
        }

        var measured = await Meter.RunAsync(async () =>
        {
            for (var i = 0; i < Loads; i++)
            {
                var started = Stopwatch.GetTimestamp();
                found = await load();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return found;
        });
        return found == Instants ? measured with { Wall = Statistics.Median(times), Cpu = measured.Cpu / Loads } : throw new InvalidOperationException($"{found} instants.");
    }
}
