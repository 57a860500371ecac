using OllaLab.Lakehouse.Arrays;
using OllaLab.Lakehouse.Bench.Data;
using OllaLab.Lakehouse.Bench.Measuring;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Metadata;
using OllaLab.Lakehouse.Reading;

namespace OllaLab.Lakehouse.Bench.Items;

/// <summary>Where are these keys: by the record index and by buckets.</summary>
internal static class IndexItems
{
    private const int RowsPerBucket = 250_000;
    private const int WarmUpKeys = 1_000;

    public static async Task<Measured> PrepareAsync(ItemContext context)
    {
        var scratch = context.Scratch;
        if (File.Exists(scratch.IndexesReady))
        {
            return new Measured(0, 0, 0, 0);
        }

        foreach (var folder in (string[])[scratch.Indexed, scratch.Bucketed])
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        using var batches = new MappedBatches(scratch.Arrow("trips"));
        var options = new TableOptions { Name = "trips", Keys = ["id"], Ordering = ["ts"] };
        await using (var table = await LakehouseTable.CreateAsync(scratch.Indexed, Trips.Schema, options, OurWrites.Options(context)))
        {
            await table.BulkInsertAsync(batches.Read(), new WriteOptions { Properties = new Dictionary<string, string> { ["hoodie.metadata.record.index.enable"] = "true" } });
        }

        options = new TableOptions
        {
            Name = "trips", Keys = ["id"], Ordering = ["ts"], Index = IndexType.Bucket, Properties = new Dictionary<string, string> { [BucketIndex.CountOption] = $"{Buckets(context)}" },
        };
        await using (var table = await LakehouseTable.CreateAsync(scratch.Bucketed, Trips.Schema, options, OurWrites.Options(context)))
        {
            await table.InsertAsync(batches.Read());
        }

        await File.WriteAllTextAsync(scratch.IndexesReady, "");
        return new Measured(0, 0, 0, 0);
    }

    /// <summary>The file groups of the stored keys; warm: the index has been asked before, of the same snapshot.</summary>
    public static async Task<Measured> FindAsync(ItemContext context, bool warm)
    {
        await using var table = await LakehouseTable.OpenAsync(context.Scratch.Indexed, OurWrites.Options(context));
        using var batches = new MappedBatches(context.Scratch.Arrow("stored"));
        async Task<MetadataRecordIndex> Open() => await MetadataRecordIndex.OpenAsync((await (await table.RefreshAsync()).GetMetadataAsync())!);
        static async Task<double> Find(MetadataRecordIndex index, KeyMap keys)
        {
            var found = (await index.FindAsync(keys, null, default)).Count;
            return found == keys.Count ? found : throw new InvalidOperationException($"{found} of {keys.Count} keys were found.");
        }

        var few = OurReads.Keys(batches, WarmUpKeys);
        var keys = OurReads.Keys(batches, Preparation.TagKeys);
        await Find(await Open(), few);
        var index = await Open();
        await Find(index, few);
        if (warm)
        {
            await Find(index, keys);
        }

        return OurReads.PerKey(await Meter.RunAsync(async () => await Find(warm ? index : await Open(), keys)), keys.Count);
    }

    /// <summary>The rows of the stored keys: their file groups by the record index, and in those files the key column.</summary>
    public static async Task<Measured> TagByRecordAsync(ItemContext context)
    {
        await using var table = await LakehouseTable.OpenAsync(context.Scratch.Indexed, OurWrites.Options(context));
        return await TagAsync(context, table, async (state, settings, keys) =>
        {
            var records = await MetadataRecordIndex.OpenAsync((await state.GetMetadataAsync())!);
            return await new RecordLevelIndex(settings, records, Indexes.GlobalRecordLevel).TagAsync(keys, await state.View.GetSlicesAsync(""), default);
        });
    }

    /// <summary>The rows of the stored keys, as an upsert into a copy-on-write table of buckets finds them.</summary>
    public static async Task<Measured> TagByBucketAsync(ItemContext context)
    {
        await using var table = await LakehouseTable.OpenAsync(context.Scratch.Bucketed, OurWrites.Options(context));
        var buckets = new BucketIndex(Buckets(context), ["id"]);
        return await TagAsync(context, table, async (state, settings, keys) =>
        {
            var wanted = Enumerable.Range(0, keys.Count).Select(key => buckets.Of(keys[key])).ToHashSet();
            var slices = buckets.ByBucket(await state.View.GetSlicesAsync("")).Where(b => wanted.Contains(b.Key)).Select(b => b.Value);
            return await Indexes.Create(Indexes.Bucket, settings).TagAsync(keys, [.. slices], default);
        });
    }

    /// <summary>The buckets of the stored keys.</summary>
    public static async Task<Measured> HashAsync(ItemContext context)
    {
        using var batches = new MappedBatches(context.Scratch.Arrow("stored"));
        var keys = OurReads.Keys(batches, Preparation.TagKeys);
        var buckets = new BucketIndex(Buckets(context), ["id"]);
        Task<double> Hash() => Task.FromResult((double)Enumerable.Range(0, keys.Count).Sum(key => buckets.Of(keys[key])));
        await Hash();
        await Hash();
        return OurReads.PerKey(await Meter.RunAsync(Hash), keys.Count);
    }

    private static async Task<Measured> TagAsync(ItemContext context, LakehouseTable table, Func<TableState, IndexSettings, KeyMap, Task<IReadOnlyList<TaggedFile>>> tag)
    {
        using var batches = new MappedBatches(context.Scratch.Arrow("stored"));
        var settings = new IndexSettings(table.Store, ParquetFormats.Of(ParquetReader.Native)) { Parallelism = context.Threads };
        var few = OurReads.Keys(batches, WarmUpKeys);
        async Task<double> Tag(KeyMap keys)
        {
            var found = (await tag(await table.RefreshAsync(), settings, keys)).Sum(t => t.Keys.Length);
            return found == keys.Count ? found : throw new InvalidOperationException($"{found} of {keys.Count} keys were found.");
        }

        await Tag(few);
        await Tag(few);
        return OurReads.PerKey(await Meter.RunAsync(() => Tag(OurReads.Keys(batches, Preparation.TagKeys))), Math.Min(Preparation.TagKeys, context.Rows / 10));
    }

    private static int Buckets(ItemContext context) => Math.Max(4, context.Rows / RowsPerBucket);
}
