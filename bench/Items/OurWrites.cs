using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Loads and changes through LakehouseTable, at its defaults but for the number of threads.</summary>
internal static class OurWrites
{
    private const int WarmUpRows = 200_000;

    private static readonly Dictionary<string, string> WithoutMetadata = new() { ["hoodie.metadata.enable"] = "false" };

    /// <param name="context">The run.</param>
    /// <param name="metadata">Whether a table gets a metadata table.</param>
    public static LakehouseOptions Options(ItemContext context, bool metadata = true) =>
        new() { Threads = context.Threads, Write = new WriteOptions { Properties = metadata ? new Dictionary<string, string>() : WithoutMetadata } };

    public static Task<LakehouseTable> CreateAsync(ItemContext context, string path, bool partitioned, TableType type = TableType.CopyOnWrite, bool metadata = true) =>
        LakehouseTable.CreateAsync(
            path,
            Trips.Schema,
            new TableOptions { Name = "trips", Type = type, Keys = ["id"], Ordering = ["ts"], Partitions = partitioned ? ["city"] : [], Index = IndexType.Bloom },
            Options(context, metadata));

    public static async Task<WriteResult> LoadAsync(ItemContext context, string path, string input, bool partitioned, TableType type = TableType.CopyOnWrite, bool metadata = true)
    {
        await using var table = await CreateAsync(context, path, partitioned, type, metadata);
        using var batches = new MappedBatches(context.Scratch.Arrow(input));
        return await table.BulkInsertAsync(batches.Read());
    }

    /// <summary>Changes stored rows of a merge-on-read table, in logs.</summary>
    public static async Task LogAsync(ItemContext context, string path, string input)
    {
        await using var table = await LakehouseTable.OpenAsync(path, Options(context));
        using var batches = new MappedBatches(context.Scratch.Arrow(input));
        await table.UpsertAsync(batches.Read().ToAsyncEnumerable());
    }

    public static async Task<Measured> BulkInsertAsync(ItemContext context, bool partitioned, bool metadata = true)
    {
        await WarmUpAsync(context, changes: false, metadata);
        var path = context.Work.New();
        return await Meter.RunAsync(async () => (await LoadAsync(context, path, "trips", partitioned, metadata: metadata)).Inserted);
    }

    public static async Task<Measured> ChangeAsync(ItemContext context, WriteOperation operation, string input)
    {
        await WarmUpAsync(context, changes: true);
        await using var table = await LakehouseTable.OpenAsync(await context.Work.LinkAsync(context.Scratch.Table), Options(context));
        using var batches = new MappedBatches(context.Scratch.Arrow(input));
        return await Meter.RunAsync(async () =>
        {
            var result = await table.WriteAsync(operation, batches.Read().ToAsyncEnumerable());
            return result.Inserted > 0 ? throw new InvalidOperationException("Keys were not found.") : result.Updated + result.Deleted;
        });
    }

    // On a small table, so that what is measured is compiled code.
    private static async Task WarmUpAsync(ItemContext context, bool changes, bool metadata = true)
    {
        for (var i = 0; i < 2; i++)
        {
            await using var table = await CreateAsync(context, context.Work.New(), partitioned: false, metadata: metadata);
            await table.BulkInsertAsync(Trips.Make(WarmUpRows, n => n));
            if (changes)
            {
                await table.UpsertAsync(Trips.Make(WarmUpRows / 10, Trips.Shuffled(WarmUpRows), version: 1));
                await table.DeleteAsync(Trips.Make(WarmUpRows / 100, Trips.Shuffled(WarmUpRows, WarmUpRows / 10), version: 1));
            }
        }
    }
}
