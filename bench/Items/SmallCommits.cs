using System.Diagnostics;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Upserts of 10 rows each, 5 of them new, beside as many bare durable file creates as one of them makes, in turns.</summary>
internal static class SmallCommits
{
    private const int Commits = 80;
    private const int WarmUp = 40;
    private const int TableRows = 1_000;

    public static async Task<Measured> RunAsync(ItemContext context, bool metadata = true)
    {
        var store = new CountingStore(new LocalObjectStore(context.Work.New()));
        await using var table = await LakehouseTable.CreateAsync(store, Trips.Schema, new TableOptions { Name = "trips", Keys = ["id"], Ordering = ["ts"] }, OurWrites.Options(context, metadata));
        await table.BulkInsertAsync(Trips.Make(TableRows, n => n));
        var bare = context.Work.New();
        Directory.CreateDirectory(bare);
        var ours = new List<double>();
        var creates = new List<double>();
        var files = 0;
        var measured = await Meter.RunAsync(async () =>
        {
            for (var i = 0; i < WarmUp + Commits; i++)
            {
                var rows = Trips.Make(10, n => n < 5 ? (i * 7) + n : TableRows + (i * 5) + n - 5, version: i + 1).ToList();
                store.Reset();
                var started = Stopwatch.GetTimestamp();
                await table.UpsertAsync(rows);
                var commit = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                files = store.Creates;
                started = Stopwatch.GetTimestamp();
                for (var file = 0; file < files; file++)
                {
                    LocalDurable.Create(bare, $"{i}-{file}");
                }

                if (i >= WarmUp)
                {
                    ours.Add(commit);
                    creates.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }

            return files;
        });
        return measured with { Wall = Statistics.Median(ours), Second = Statistics.Median(creates), Cpu = measured.Cpu / (WarmUp + Commits) };
    }
}
