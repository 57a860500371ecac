using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Decoding the Avro blocks of a log of as many rows as the table has, at most a million, in memory.</summary>
internal static class LogItems
{
    private const int MostRows = 1_000_000;

    public static Task<Measured> DecodeAsync(ItemContext context) => MeasureAsync(context, log => log.DecodeAsync(TripLog.Table.ArrowWithMeta));

    public static Task<Measured> ApacheAvroAsync(ItemContext context) => MeasureAsync(context, log => Task.FromResult(log.DecodeWithApacheAvro()));

    private static async Task<Measured> MeasureAsync(ItemContext context, Func<TripLog, Task<long>> decode)
    {
        var small = await TripLog.MakeAsync(2 * Trips.BatchRows);
        for (var i = 0; i < 10; i++)
        {
            await decode(small);
        }

        var log = await TripLog.MakeAsync(Math.Min(context.Rows, MostRows));
        return await Meter.RunAsync(async () => await decode(log));
    }
}
