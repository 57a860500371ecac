using System.Globalization;
using OllaLab.Lakehouse.Bench.Measuring;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Compacting the merge-on-read table whose logs change a tenth of its rows; and what rewriting its base files takes without any merging.</summary>
internal static class Compactions
{
    private const int RowGroupRows = 122_880;

    public static async Task<Measured> RunAsync(ItemContext context)
    {
        await CompactAsync(context);
        return await CompactAsync(context);
    }

    /// <summary>ParquetSharp alone: each base file read as Arrow and written again, all columns, Snappy.</summary>
    public static async Task<Measured> RawAsync(ItemContext context)
    {
        var folder = context.Work.New();
        Directory.CreateDirectory(folder);
        var paths = Directory.GetFiles(context.Scratch.Logged, "*.parquet");
        await RewriteAsync(paths.MinBy(p => new FileInfo(p).Length)!, Path.Combine(folder, "warm-up"));
        var measured = await Meter.RunAsync(async () =>
        {
            var rows = 0L;
            foreach (var path in paths)
            {
                rows += await RewriteAsync(path, Path.Combine(folder, Path.GetFileName(path)));
            }

            return rows;
        });
        return WithRate(measured, Directory.GetFiles(folder, "*.parquet").Sum(Bytes));
    }

    private static async Task<Measured> CompactAsync(ItemContext context)
    {
        var path = await context.Work.LinkAsync(context.Scratch.Logged);
        await using var table = await LakehouseTable.OpenAsync(path, OurWrites.Options(context));
        var before = Directory.GetFiles(path, "*.parquet").Sum(Bytes);
        var measured = await Meter.RunAsync(async () => (await table.CompactAsync()).Count);
        return measured.Check == 1
            ? WithRate(measured, Directory.GetFiles(path, "*.parquet").Sum(Bytes) - before)
            : throw new InvalidOperationException("The table was not compacted.");
    }

    private static async Task<long> RewriteAsync(string from, string to)
    {
        using var readerProperties = ArrowReaderProperties.GetDefault();
        readerProperties.UseThreads = false;
        readerProperties.BatchSize = RowGroupRows;
        using var reader = new FileReader(from, null, readerProperties);
        using var properties = new WriterPropertiesBuilder().Compression(Compression.Snappy).Build();
        using var writer = new FileWriter(to, reader.Schema, properties);
        using var batches = reader.GetRecordBatchReader();
        var rows = 0L;
        while (await batches.ReadNextRecordBatchAsync() is { } batch)
        {
            rows += batch.Length;
            using (batch)
            {
                writer.WriteRecordBatch(batch);
            }
        }

        writer.Close();
        return rows;
    }

    private static long Bytes(string path) => new FileInfo(path).Length;

    private static Measured WithRate(Measured measured, long bytes) =>
        measured with { Note = string.Create(CultureInfo.InvariantCulture, $" ({bytes / 1e6 / (measured.Wall / 1000):N0} MB/s)") };
}
