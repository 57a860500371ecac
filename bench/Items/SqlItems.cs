using System.Data.Common;
using System.Diagnostics;
using DuckDB.NET.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>One aggregate over the loaded table: by the table's name, and by read_parquet on the same files. Both plan anew each time; neither keeps anything from the last.</summary>
internal static class SqlItems
{
    private const int Runs = 7;
    private const string Query = "SELECT city, count(*), avg(fare), max(ts), count(DISTINCT driver) FROM {0} GROUP BY city ORDER BY city";

    public static async Task<Measured> TableAsync(ItemContext context, string path)
    {
        await using var table = await LakehouseTable.OpenAsync(path, OurWrites.Options(context));
        await using var sql = LakehouseSql.Open(("trips", table));
        Set(sql.Connection, context.Threads);
        return await RepeatAsync(async () =>
        {
            using var reader = await sql.ExecuteReaderAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, Query, "trips"));
            return Count(reader);
        });
    }

    /// <summary>Each time in a session of its own, which has merged no logs yet.</summary>
    public static async Task<Measured> FirstStatementAsync(ItemContext context, string path)
    {
        await using var table = await LakehouseTable.OpenAsync(path, OurWrites.Options(context));
        return await RepeatAsync(async () =>
        {
            await using var sql = LakehouseSql.Open(("trips", table));
            Set(sql.Connection, context.Threads);
            using var reader = await sql.ExecuteReaderAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, Query, "trips"));
            return Count(reader);
        });
    }

    public static async Task<Measured> RawAsync(ItemContext context)
    {
        using var db = DuckDbItems.Open(context.Threads);
        return await RepeatAsync(() =>
        {
            using var command = db.CreateCommand();
            command.CommandText = string.Format(System.Globalization.CultureInfo.InvariantCulture, Query, $"read_parquet('{context.Scratch.Table}/*.parquet')");
            using var reader = command.ExecuteReader();
            return Task.FromResult(Count(reader));
        });
    }

    private static int Count(DbDataReader reader)
    {
        var rows = 0;
        while (reader.Read())
        {
            rows++;
        }

        return rows;
    }

    private static async Task<Measured> RepeatAsync(Func<Task<int>> query)
    {
        await query();
        var times = new List<double>();
        var measured = await Meter.RunAsync(async () =>
        {
            var rows = 0;
            for (var i = 0; i < Runs; i++)
            {
                var started = Stopwatch.GetTimestamp();
                rows = await query();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return rows;
        });
        return measured with { Wall = Statistics.Median(times), Cpu = measured.Cpu / Runs };
    }

    private static void Set(DuckDBConnection db, int threads)
    {
        DuckDbItems.Run(db, $"SET threads = {threads}");
        DuckDbItems.Run(db, "SET preserve_insertion_order = false");
    }
}
