using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

internal static class RawScan
{
    /// <summary>ParquetSharp's Arrow reader over the loaded table's files, on the threads given.</summary>
    public static async Task<Measured> RunAsync(ItemContext context)
    {
        async Task<double> Scan(int most)
        {
            var rows = 0L;
            foreach (var path in Directory.GetFiles(context.Scratch.Table, "*.parquet"))
            {
                using var properties = ParquetSharp.Arrow.ArrowReaderProperties.GetDefault();
                properties.UseThreads = context.Threads > 1;
                using var reader = new ParquetSharp.Arrow.FileReader(path, null, properties);
                var columns = Enumerable.Range(5, Trips.Schema.FieldsList.Count).ToArray();
                using var batches = reader.GetRecordBatchReader(columns: columns);
                while (rows < most && await batches.ReadNextRecordBatchAsync() is { } batch)
                {
                    rows += batch.Length;
                    batch.Dispose();
                }
            }

            return rows;
        }

        await Scan(300_000);
        return await Meter.RunAsync(() => Scan(int.MaxValue));
    }
}
