using System.Globalization;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Clustering the loaded table by the Z-order of two columns; and DuckDB reading, sorting and writing the same files.</summary>
internal static class Clusterings
{
    private static readonly ClusteringOptions Options = new() { SortColumns = ["lat", "lon"], Layout = ClusteringLayout.ZOrder };

    public static async Task<Measured> RunAsync(ItemContext context)
    {
        await ClusterAsync(context);
        return await ClusterAsync(context);
    }

    public static async Task<Measured> DuckDbAsync(ItemContext context)
    {
        using var db = DuckDbItems.Open(context.Threads);
        double Sort() => DuckDbItems.Run(db, $"""
            COPY (SELECT * FROM read_parquet('{context.Scratch.Table}/*.parquet') ORDER BY lat, lon)
            TO '{context.Work.New()}.parquet' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)
            """);
        Sort();
        return WithRate(context, await Meter.RunAsync(() => Task.FromResult(Sort())));
    }

    private static async Task<Measured> ClusterAsync(ItemContext context)
    {
        await using var table = await LakehouseTable.OpenAsync(await context.Work.LinkAsync(context.Scratch.Table), OurWrites.Options(context));
        var measured = await Meter.RunAsync(async () => (await table.ClusterAsync(Options)).Sum(c => c.Rows));
        return measured.Check == context.Rows ? WithRate(context, measured) : throw new InvalidOperationException($"{measured.Check} rows were clustered.");
    }

    private static Measured WithRate(ItemContext context, Measured measured)
    {
        var bytes = Directory.GetFiles(context.Scratch.Table, "*.parquet").Sum(p => new FileInfo(p).Length);
        return measured with { Note = string.Create(CultureInfo.InvariantCulture, $" ({bytes / 1e3 / measured.Wall:N0} MB/s)") };
    }
}
