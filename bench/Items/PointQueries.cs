using System.Data.Common;
using System.Diagnostics;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>One row by its key, another each time, in a session that has answered the like before: by the table's name, and by read_parquet on the same files.</summary>
internal static class PointQueries
{
    private const int WarmUp = 10;
    private const int Queries = 41;

    public static async Task<Measured> TableAsync(ItemContext context, string path)
    {
        await using var table = await LakehouseTable.OpenAsync(path, OurWrites.Options(context));
        await using var sql = LakehouseSql.Open(("trips", table));
        DuckDbItems.Run(sql.Connection, $"SET threads = {context.Threads}");
        return await RepeatAsync(context, async id =>
        {
            using var reader = await sql.ExecuteReaderAsync(Query("trips", id));
            return Count(reader);
        });
    }

    public static async Task<Measured> RawAsync(ItemContext context, string path)
    {
        using var db = DuckDbItems.Open(context.Threads);
        return await RepeatAsync(context, id =>
        {
            using var command = db.CreateCommand();
            command.CommandText = Query($"read_parquet('{path}/*.parquet')", id);
            using var reader = command.ExecuteReader();
            return Task.FromResult(Count(reader));
        });
    }

    private static string Query(string from, string id) => $"SELECT city, driver, fare, ts FROM {from} WHERE id = '{id}'";

    private static int Count(DbDataReader reader)
    {
        var rows = 0;
        while (reader.Read())
        {
            rows++;
        }

        return rows;
    }

    private static async Task<Measured> RepeatAsync(ItemContext context, Func<string, Task<int>> query)
    {
        using var batches = new MappedBatches(context.Scratch.Arrow("stored"));
        var ids = (Apache.Arrow.StringArray)batches.Read().First().Column(0);
        for (var i = 0; i < WarmUp; i++)
        {
            await query(ids.GetString(Queries + i));
        }

        var times = new List<double>();
        var measured = await Meter.RunAsync(async () =>
        {
            var rows = 0;
            for (var i = 0; i < Queries; i++)
            {
                var started = Stopwatch.GetTimestamp();
                rows += await query(ids.GetString(i));
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            return rows;
        });
        return measured.Check == Queries ? measured with { Wall = Statistics.Median(times), Cpu = measured.Cpu / Queries } : throw new InvalidOperationException($"{measured.Check} rows.");
    }
}
