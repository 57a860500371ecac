using System.Text;
using Apache.Arrow;
using OllaLab.Lakehouse.Bloom;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>
/// Bloom filter and key range of a rewritten file: the old file's with the new keys added, so that the keys of copied row groups need not be read. Keys that were deleted stay in
/// both, which only makes them let through a little more. Where the old file has none, or its filter would be overfull, they are made anew from its key column.
/// </summary>
internal sealed class MergedKeys
{
    private MergedKeys(BloomFilter? bloom, KeyRange range)
    {
        Bloom = bloom;
        Range = range;
    }

    public BloomFilter? Bloom { get; }

    public KeyRange Range { get; }

    /// <summary>For a file that has no forerunner.</summary>
    public static MergedKeys Create(BaseFileContext context, long inserts) =>
        new(context.PopulateMetaFields ? FileBloom.Create(context.Settings, Entries(context, inserts)) : null, new KeyRange());

    public static async ValueTask<MergedKeys> CreateAsync(BaseFileContext context, MergeInput input, long inserts, CancellationToken cancellationToken)
    {
        if (!context.PopulateMetaFields)
        {
            return new MergedKeys(null, new KeyRange());
        }

        var total = input.Footer.NumRows + inserts;
        var range = new KeyRange();
        if (input.Footer.TryGetKeyValue(BaseFileWriter.BloomKey, out var text)
            && input.Footer.TryGetKeyValue(BaseFileWriter.MinKey, out var min)
            && input.Footer.TryGetKeyValue(BaseFileWriter.MaxKey, out var max))
        {
            var old = BloomFilter.Parse(text.Span, input.Footer.GetKeyValue(BaseFileWriter.BloomTypeKey), input.Slice.Base!.Path);
            if (inserts == 0 || old.Capacity >= total)
            {
                range.Add(min.Span);
                range.Add(max.Span);
                return new MergedKeys(old, range);
            }
        }

        // Half as much again, so that a file that grows by small writes is not read anew by each of them.
        var bloom = FileBloom.Create(context.Settings, Entries(context, total + (total / 2)));
        var file = await input.Files.RentAsync(cancellationToken);
        await foreach (var read in file.ReadAsync(new ParquetReadRequest { Columns = [MetaColumns.RecordKey] }, cancellationToken))
        {
            using var batch = read.Batch;
            var keys = (StringArray)batch.Column(0);
            bloom.AddAll(keys);
            range.AddAll(keys);
        }

        input.Files.Return(file);
        return new MergedKeys(bloom, range);
    }

    private static int Entries(BaseFileContext context, long keys) => (int)Math.Clamp(keys, context.Settings.BloomEntries, 100_000_000);

    public void Add(IReadOnlyList<IncomingRows> inserts)
    {
        foreach (var rows in inserts)
        {
            Bloom?.AddAll(rows.Keys);
            Range.AddAll(rows.Keys);
        }
    }
}
