using System.Globalization;
using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Reading;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Reads of the loaded table, and lookups of keys in it.</summary>
internal static class OurReads
{
    private const long MergeBudget = 128 << 20;

    public static async Task<Measured> ScanAsync(ItemContext context, string path)
    {
        await using var table = await LakehouseTable.OpenAsync(path, new LakehouseOptions { Threads = context.Threads, MemoryBudget = MergeBudget });
        var columns = Trips.Schema.FieldsList.Select(f => f.Name).ToArray();
        async Task<double> Scan(long? limit)
        {
            var rows = 0L;
            await foreach (var batch in table.ReadAsync(new ReadOptions { Columns = columns, Limit = limit }))
            {
                using (batch)
                {
                    rows += batch.Length;
                }
            }

            return rows;
        }

        await Scan(300_000);
        await Scan(null);
        return await Meter.RunAsync(() => Scan(null));
    }

    public static async Task<Measured> TagAsync(ItemContext context, string input)
    {
        await using var table = await LakehouseTable.OpenAsync(context.Scratch.Table, OurWrites.Options(context));
        using var batches = new MappedBatches(context.Scratch.Arrow(input));
        async Task<double> Tag(int most)
        {
            var state = await table.RefreshAsync();
            var keys = Keys(batches, most);
            var index = Indexes.Create("BLOOM", new IndexSettings(table.Store, ParquetFormats.Of(ParquetReader.Native)) { Parallelism = context.Threads });
            var tagged = await index.TagAsync(keys, await state.View.GetSlicesAsync(""), default);
            return tagged.Sum(t => (double)t.Keys.Length);
        }

        await Tag(1000);
        await Tag(1000);
        return PerKey(await Meter.RunAsync(() => Tag(Preparation.TagKeys)), (int)batches.Read().Sum(b => b.Length));
    }

    /// <summary>About so many keys of the input.</summary>
    public static KeyMap Keys(MappedBatches batches, int most)
    {
        var keys = new KeyMap(most);
        var numbers = new int[Trips.BatchRows];
        foreach (var batch in batches.Read())
        {
            keys.AddAll((Apache.Arrow.StringArray)batch.Column(0), numbers);
            if (keys.Count >= most)
            {
                break;
            }
        }

        return keys;
    }

    /// <summary>Says what a key took.</summary>
    public static Measured PerKey(Measured measured, int keys) => measured with
    {
        Note = string.Create(CultureInfo.InvariantCulture, $" ({measured.Wall * 1000 / keys:N2} us a key, {keys / measured.Wall / 1000:N2} M keys/s)"),
    };
}
