using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.Storage;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>
/// A week of hourly upserts in memory, by a clock that is moved: 500 rows each time, half of them new, half changes of rows from all over a table that began with 20 000. Cleaning,
/// archiving, the metadata table and, with logs, a compaction after each fifth commit, as by default; files of 1 MiB in place of 120, since the table is so much smaller.
/// </summary>
internal static class Week
{
    private const int First = 20_000;
    private const int RowsEach = 500;
    private const int Hours = 7 * 24;

    public static async Task<Measured> RunAsync(ItemContext context, TableType type)
    {
        var clock = new MovedClock();
        var store = new CountingStore(new MemoryObjectStore("week", clock));
        var options = new LakehouseOptions
        {
            Threads = context.Threads,
            Environment = new LakehouseEnvironment(clock, Guid.NewGuid),
            Write = new WriteOptions
            {
                MaxFileSize = 1 << 20,
                SmallFileLimit = new WriteOptions().SmallFileLimit / 120,
                InlineCompaction = type == TableType.MergeOnRead ? InlineCompaction.Execute : InlineCompaction.None,
            },
        };
        await using var table = await LakehouseTable.CreateAsync(store, Trips.Schema, new TableOptions { Name = "trips", Type = type, Keys = ["id"], Ordering = ["ts"] }, options);
        await table.BulkInsertAsync(Trips.Make(First, n => n));
        var before = store.BytesWritten;
        var input = 0L;
        var measured = await Meter.RunAsync(async () =>
        {
            for (var hour = 0; hour < Hours; hour++)
            {
                clock.Move(TimeSpan.FromHours(1));
                var rows = Rows(hour);
                input += rows.Sum(ArrowSize.Bytes);
                await table.UpsertAsync(rows);
            }

            return store.BytesWritten - before;
        });
        return measured with { Figure = measured.Check / input };
    }

    /// <summary>The least that any storage of the rows takes: each hour's rows in a Parquet file, once.</summary>
    public static async Task<Measured> LeastAsync(ItemContext context)
    {
        var input = 0L;
        var measured = await Meter.RunAsync(async () =>
        {
            var bytes = 0L;
            for (var hour = 0; hour < Hours; hour++)
            {
                var rows = Rows(hour);
                input += rows.Sum(ArrowSize.Bytes);
                var options = new TableOptions { Name = "trips", Keys = ["id"], Ordering = ["ts"] };
                await using var table = await LakehouseTable.CreateAsync(new MemoryObjectStore($"hour{hour}"), Trips.Schema, options, OurWrites.Options(context, metadata: false));
                bytes += (await table.BulkInsertAsync(rows, new WriteOptions { BloomEntries = RowsEach, Properties = table.Options.Write.Properties })).BytesWritten;
            }

            return bytes;
        });
        return measured with { Figure = measured.Check / input };
    }

    private static List<Apache.Arrow.RecordBatch> Rows(int hour)
    {
        const int New = RowsEach / 2;
        var stored = First + (hour * New);
        var changed = Trips.Shuffled(stored, hour * New);
        return [.. Trips.Make(RowsEach, n => n < New ? stored + n : changed(n), version: hour + 1)];
    }

    private sealed class MovedClock : TimeProvider
    {
        private TimeSpan moved;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + moved;

        public void Move(TimeSpan by) => moved += by;
    }
}
