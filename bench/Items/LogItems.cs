using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Decoding the Avro blocks of a log of as many rows as the table has, at most a million, in memory.</summary>
internal static class LogItems
{
    private const int MostRows = 1_000_000;

    /// <param name="context">The rows.</param>
    /// <param name="warm">Whether the whole log has been decoded before, so that all code has been compiled anew by what the runtime saw of it.</param>
    public static Task<Measured> DecodeAsync(ItemContext context, bool warm = false) => MeasureAsync(context, warm, log => log.DecodeAsync(TripLog.Table.ArrowWithMeta));

    public static Task<Measured> ApacheAvroAsync(ItemContext context, bool warm = false) => MeasureAsync(context, warm, log => Task.FromResult(log.DecodeWithApacheAvro()));

    private static async Task<Measured> MeasureAsync(ItemContext context, bool warm, Func<TripLog, Task<long>> decode)
    {
        var small = await TripLog.MakeAsync(2 * Trips.BatchRows);
        for (var i = 0; i < 10; i++)
        {
            await decode(small);
        }

        var log = await TripLog.MakeAsync(Math.Min(context.Rows, MostRows));
        for (var i = 0; warm && i < 2; i++)
        {
            await decode(log);
        }

        return await Meter.RunAsync(async () => await decode(log));
    }
}
