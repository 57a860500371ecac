using System.Diagnostics;
using System.Globalization;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Upserts of 1 000 stored rows each, from all over the loaded table, one after another.</summary>
internal static class LoggedUpserts
{
    private const int RowsEach = 1_000;
    private const int WarmUp = 5;
    private const int Upserts = 15;

    /// <param name="context">The run.</param>
    /// <param name="type">Of the table.</param>
    /// <param name="planned">Whether a compaction of all its file groups is planned before them, and not executed.</param>
    public static async Task<Measured> RunAsync(ItemContext context, TableType type, bool planned = false)
    {
        var path = await context.Work.LinkAsync(type == TableType.MergeOnRead ? context.Scratch.Logged : context.Scratch.Table);
        await using var table = await LakehouseTable.OpenAsync(path, OurWrites.Options(context));
        if (planned)
        {
            await table.ScheduleCompactionAsync(new CompactionOptions { DeltaCommits = 1 });
        }

        var times = new List<double>();
        long input = 0, written = 0;
        var measured = await Meter.RunAsync(async () =>
        {
            for (var i = 0; i < WarmUp + Upserts; i++)
            {
                var rows = Trips.Make(RowsEach, Trips.Shuffled(context.Rows, (context.Rows / 2) + (i * RowsEach)), version: i + 2).ToList();
                var before = FolderBytes(path);
                var started = Stopwatch.GetTimestamp();
                var result = await table.UpsertAsync(rows);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                written += FolderBytes(path) - before;
                input += rows.Sum(ArrowSize.Bytes);
                if (result.Updated != RowsEach)
                {
                    throw new InvalidOperationException("Keys were not found.");
                }
            }

            return RowsEach;
        });
        return measured with
        {
            Wall = Statistics.Median(times.Skip(WarmUp)),
            Cpu = measured.Cpu / times.Count,
            Note = string.Create(CultureInfo.InvariantCulture, $" ({(double)written / input:N1} bytes written per byte of input)"),
        };
    }

    private static long FolderBytes(string path) => new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
}
