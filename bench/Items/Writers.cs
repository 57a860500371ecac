using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Several processes commit to one table: upserts of 10 stored rows, each writer in a partition of its own, or all of them in one file group.</summary>
internal static class Writers
{
    private const string TaskVariable = "LAKEHOUSE_BENCH_WRITER";
    private const int Rows = 3_200;
    private const int RowsEach = 10;
    private const int WarmUp = 25;
    private static readonly TimeSpan Measuring = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Commits for a while with so many writers.</summary>
    /// <param name="context">The run.</param>
    /// <param name="location">A local folder or s3://.</param>
    /// <param name="writers">How many.</param>
    /// <param name="contended">Whether all of them change the same file group.</param>
    /// <param name="skew">By how much clocks may differ: nobody but Java needs it where all writers are on one machine.</param>
    public static async Task<Measured> RunAsync(ItemContext context, string location, int writers, bool contended, TimeSpan? skew = null)
    {
        var signals = context.Work.New();
        Directory.CreateDirectory(signals);
        var task = new WriterTask(location, 0, signals, contended, skew ?? TimeSpan.Zero);
        await using (var table = await CreateAsync(context, location, task))
        {
            await table.BulkInsertAsync(Trips.Make(Rows, n => n));
        }

        var running = Enumerable.Range(0, writers)
            .Select(n => ItemProcess.StartAsync("writer", context.Options, new Dictionary<string, string> { [TaskVariable] = JsonSerializer.Serialize(task with { Number = n }) }))
            .ToList();
        for (var waited = Stopwatch.StartNew(); Directory.GetFiles(signals, "ready-*").Length < writers; await Task.Delay(20))
        {
            if (waited.Elapsed > Patience || running.Any(r => r.IsFaulted))
            {
                throw new InvalidOperationException("Not all writers came up.");
            }
        }

        await File.WriteAllTextAsync(Path.Combine(signals, "go"), "");
        var done = await Task.WhenAll(running);
        var commits = done.Sum(d => d.Check);
        var wall = done.Max(d => d.Wall);
        return new Measured(wall / commits, done.Sum(d => d.Cpu) / commits, 0, 0, commits)
        {
            Note = string.Create(
                CultureInfo.InvariantCulture,
                $" ({commits * 1000 / wall:N1} commits/s, p50 {Statistics.Median(done.Select(d => d.Second)):N0} ms{(done.Sum(d => d.Figure!.Value) is > 0 and var lost ? $", {lost:N0} given up" : "")})"),
        };
    }

    /// <summary>One of the processes.</summary>
    public static async Task<Measured> WriteAsync(ItemContext context)
    {
        var task = JsonSerializer.Deserialize<WriterTask>(Environment.GetEnvironmentVariable(TaskVariable)!)!;
        await using (var warm = await CreateAsync(context, context.Work.New(), task))
        {
            await warm.BulkInsertAsync(Trips.Make(Rows, n => n));
            for (var i = 0; i < WarmUp; i++)
            {
                await warm.UpsertAsync(Change(task, i));
            }
        }

        await using var table = await LakehouseTable.OpenAsync(Store(task.Location), Options(context, task));
        await File.WriteAllTextAsync(Path.Combine(task.Signals, $"ready-{task.Number}"), "");
        while (!File.Exists(Path.Combine(task.Signals, "go")))
        {
            await Task.Delay(5);
        }

        var times = new List<double>();
        var lost = 0;
        var measured = await Meter.RunAsync(async () =>
        {
            for (var (all, i) = (Stopwatch.StartNew(), 0); all.Elapsed < Measuring; i++)
            {
                var started = Stopwatch.GetTimestamp();
                try
                {
                    await table.UpsertAsync(Change(task, WarmUp + i));
                    times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }
                catch (LakehouseException e) when (e.Kind == LakehouseErrorKind.Conflict)
                {
                    lost++;
                }
            }

            return times.Count;
        });
        return measured with { Second = times.Count > 0 ? Statistics.Median(times) : 0, Figure = lost };
    }

    /// <summary>The storage's floor: so many tasks make objects of 2 kB that must not be there yet, each durable before the next.</summary>
    public static async Task<Measured> CreatesAsync(string location, int writers)
    {
        var store = Store(location);
        var content = new byte[2048];
        async Task<int> Create(int writer, TimeSpan time)
        {
            var made = 0;
            for (var all = Stopwatch.StartNew(); all.Elapsed < time; made++)
            {
                var put = await store.PutAsync($"floor/{writer}-{Guid.NewGuid():N}", content, PutCondition.IfAbsent);
                if (put.Outcome != PutOutcome.Committed)
                {
                    throw new InvalidOperationException($"A new object was {put.Outcome}.");
                }
            }

            return made;
        }

        await Create(0, TimeSpan.FromSeconds(0.5));
        var measured = await Meter.RunAsync(async () => (await Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(() => Create(w, TimeSpan.FromSeconds(2)))))).Sum());
        return new Measured(measured.Wall / measured.Check, measured.Cpu / measured.Check, 0, 0, measured.Check)
        {
            Note = string.Create(CultureInfo.InvariantCulture, $" ({measured.Check * 1000 / measured.Wall:N0}/s)"),
        };
    }

    private static IObjectStore Store(string location) => location.StartsWith("s3:", StringComparison.Ordinal) ? S3Server.Open(location) : new LocalObjectStore(location);

    private static Task<LakehouseTable> CreateAsync(ItemContext context, string location, WriterTask task) => LakehouseTable.CreateAsync(
        Store(location), Trips.Schema, new TableOptions { Name = "trips", Keys = ["id"], Ordering = ["ts"], Partitions = ["city"], Index = IndexType.Bloom }, Options(context, task));

    private static LakehouseOptions Options(ItemContext context, WriterTask task) => new()
    {
        Threads = context.Threads,
        Concurrency = new ConcurrencyOptions { Mode = WriteConcurrencyMode.OptimisticConcurrencyControl, ConflictRetries = 100, MaxClockSkew = task.Skew },
    };

    // Rows of one city, each time with a later ts.
    private static IEnumerable<Apache.Arrow.RecordBatch> Change(WriterTask task, int time)
    {
        var cities = Trips.Make(Rows, n => n).SelectMany(b => Enumerable.Range(0, b.Length).Select(i => ((Apache.Arrow.StringArray)b.Column("city")).GetString(i))).ToList();
        var city = cities.Distinct().Order(StringComparer.Ordinal).ElementAt(task.Contended ? 0 : task.Number);
        var rows = Enumerable.Range(0, Rows).Where(n => cities[n] == city).ToList();
        return Trips.Make(RowsEach, n => rows[((time * RowsEach) + n) % rows.Count], version: (time * 16) + task.Number + 1);
    }

    internal sealed record WriterTask(string Location, int Number, string Signals, bool Contended, TimeSpan Skew);
}
