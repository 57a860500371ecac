using System.Diagnostics;
using System.Globalization;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>A table on an S3 server, beside the server's own requests.</summary>
internal static class S3Items
{
    private const int WarmUp = 15;
    private const int Commits = 60;
    private const int TableRows = 1_000;
    private const int PutsEach = 5;

    /// <summary>Upserts of 10 rows, half of them new, in turns with conditional puts of 2 kB; in units of the median put.</summary>
    public static async Task<Measured> CommitAsync(ItemContext context)
    {
        var store = new CountingStore(S3Server.Open(await S3Server.NewLocationAsync()));
        await using var table = await LakehouseTable.CreateAsync(store, Trips.Schema, new TableOptions { Name = "trips", Keys = ["id"], Ordering = ["ts"] }, OurWrites.Options(context));
        await table.BulkInsertAsync(Trips.Make(TableRows, n => n));
        var (commits, puts, requests) = (new List<double>(), new List<double>(), new List<int[]>());
        var content = new byte[2048];
        var measured = await Meter.RunAsync(async () =>
        {
            for (var i = 0; i < WarmUp + Commits; i++)
            {
                var rows = Trips.Make(10, n => n < 5 ? (i * 7) + n : TableRows + (i * 5) + n - 5, version: i + 1).ToList();
                store.Reset();
                var started = Stopwatch.GetTimestamp();
                await table.UpsertAsync(rows);
                commits.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                requests.Add(store.Requests);
                for (var p = 0; p < PutsEach; p++)
                {
                    started = Stopwatch.GetTimestamp();
                    await store.PutAsync($"floor/{i}-{p}", content, PutCondition.IfAbsent);
                    puts.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
            }

            return Commits;
        });
        var put = Statistics.Median(puts.Skip(WarmUp * PutsEach));
        var asked = Enumerable.Range(0, 5).Select(kind => Statistics.Median(requests.Skip(WarmUp).Select(r => (double)r[kind]))).ToArray();
        var sorted = commits.Skip(WarmUp).Order().ToList();
        return measured with
        {
            Cpu = measured.Cpu / commits.Count,
            Figure = Statistics.Median(sorted) / put,
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $" (p50 {Statistics.Median(sorted):N0} ms, p99 {sorted[(int)(sorted.Count * 0.99)] / put:N1} PUTs; a PUT {put:N2} ms; p50 of LIST {asked[0]}, GET {asked[1]}, HEAD {asked[2]}, PUT {asked[3]}, DELETE {asked[4]})"),
        };
    }

    /// <summary>All rows and columns of the loaded table, copied there.</summary>
    public static async Task<Measured> ScanAsync(ItemContext context)
    {
        var (store, _, bytes) = await UploadAsync(context);
        await using var table = await LakehouseTable.OpenAsync(store, OurWrites.Options(context));
        async Task<double> Scan()
        {
            var rows = 0L;
            await foreach (var batch in table.ReadAsync())
            {
                using (batch)
                {
                    rows += batch.Length;
                }
            }

            return rows;
        }

        await Scan();
        return WithRate(await Meter.RunAsync(Scan), bytes);
    }

    /// <summary>The same files read whole, in ranges of 8 MiB, four at a time.</summary>
    public static async Task<Measured> RangesAsync(ItemContext context)
    {
        var (store, files, bytes) = await UploadAsync(context);
        async Task<double> Read()
        {
            var read = 0L;
            foreach (var (path, length) in files)
            {
                read += await store.ReadRangeAsync(path, 0, new byte[length]);
            }

            return read;
        }

        await Read();
        return WithRate(await Meter.RunAsync(Read), bytes);
    }

    private static Measured WithRate(Measured measured, long bytes) =>
        measured with { Note = string.Create(CultureInfo.InvariantCulture, $" ({bytes / 1e3 / measured.Wall:N0} MB/s)") };

    private static async Task<(IObjectStore Store, List<(string Path, int Length)> Data, long Bytes)> UploadAsync(ItemContext context)
    {
        var (from, to) = (new LocalObjectStore(context.Scratch.Table), S3Server.Open(await S3Server.NewLocationAsync()));
        var data = new List<(string Path, int Length)>();
        await foreach (var file in from.ListAsync("", recursive: true))
        {
            await using var target = await to.CreateAsync(file.Path);
            await target.Stream.WriteAsync(await from.ReadAsync(file.Path));
            await target.CompleteAsync();
            if (!file.Path.StartsWith(".hoodie", StringComparison.Ordinal) && file.Path.EndsWith(".parquet", StringComparison.Ordinal))
            {
                data.Add((file.Path, (int)file.Length));
            }
        }

        return (to, data, data.Sum(d => (long)d.Length));
    }
}
