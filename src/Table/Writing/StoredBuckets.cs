using System.Globalization;
using Apache.Arrow;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>The bucket index of a table. How many buckets there are is a writer's option in Hudi, and a table written with two numbers is spoilt: what is given is held against the files, or found from them.</summary>
internal sealed class StoredBuckets(TableState state, StoredRows stored)
{
    private const string Folder = ".hoodie/.bucket_index";

    // File ids are known for buckets by four zeros (BucketIdentifier.AreBuckets).
    private const int MostBuckets = 10_000;

    // A wrong number puts a key into the right bucket by chance only.
    private const int CheckedFiles = 8;

    /// <summary>Refuses the kinds of bucket index that are not written.</summary>
    public static async ValueTask RefuseOthersAsync(TableState state, CancellationToken cancellationToken)
    {
        await foreach (var file in state.Store.ListAsync(Folder, recursive: true, cancellationToken))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                file.Path.Contains("/consistent_hashing_metadata/", StringComparison.Ordinal) ? "The table's buckets are found by consistent hashing, which is not supported for writing" : "The table's partitions have numbers of buckets of their own, which is not supported for writing",
                state.Config.Root,
                file.Path,
                remedy: "Write the table with the engine and the bucket index that it was made with, or copy it into a new table");
        }
    }

    /// <param name="option">Values of options, of the writer or else of the table; null where it is not given.</param>
    /// <param name="areBuckets">Whether the table's files are buckets; null: there are none.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<BucketIndex> CreateIndexAsync(Func<string, string?> option, bool? areBuckets, CancellationToken cancellationToken)
    {
        var config = state.Config;
        if (option(BucketIndex.EngineOption) is { } engine && !engine.Equals("SIMPLE", StringComparison.OrdinalIgnoreCase))
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The bucket index engine {engine} is not supported for writing", config.Root, remedy: $"Leave {BucketIndex.EngineOption} out, or set it to SIMPLE");
        }

        if (areBuckets == false)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "The table's files are not those of a bucket index, which would not find the keys in them", config.Root, remedy: "Write with the index that the table was made with, or copy it into a new table");
        }

        if (config.RecordKeyFields.Length == 0)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "A bucket index needs key columns, and the table has none", config.Root, remedy: "Create the table with key columns");
        }

        string[] fields = option(BucketIndex.HashFieldOption)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } given ? given : [.. config.RecordKeyFields];
        if (fields.FirstOrDefault(f => !config.RecordKeyFields.Contains(f)) is { } other)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The hash field {other} of the bucket index is not a key column", config.Root, remedy: $"Name key columns in {BucketIndex.HashFieldOption}: {string.Join(", ", config.RecordKeyFields)}");
        }

        if (option(BucketIndex.CountOption) is { } text)
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is 0 or > MostBuckets)
            {
                throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{BucketIndex.CountOption}={text} is not a number of buckets from 1 to {MostBuckets}", config.Root);
            }

            var index = new BucketIndex(count, fields);
            await CheckAsync(index, cancellationToken);
            return index;
        }

        return new BucketIndex(areBuckets is null ? BucketIndex.DefaultCount : await FindCountAsync(fields, cancellationToken), fields);
    }

    private async ValueTask CheckAsync(BucketIndex index, CancellationToken cancellationToken)
    {
        foreach (var slice in (await state.View.GetAllSlicesAsync(cancellationToken: cancellationToken)).Where(s => s.Base is not null).Take(CheckedFiles))
        {
            foreach (var key in await FooterKeysAsync(slice, cancellationToken))
            {
                if (index.Of(key) != BucketIdentifier.BucketOfFile(slice.FileId))
                {
                    throw index.WrongCount(slice);
                }
            }
        }
    }

    private async ValueTask<int> FindCountAsync(string[] fields, CancellationToken cancellationToken)
    {
        var count = new BucketCount(fields);
        var slices = await state.View.GetAllSlicesAsync(cancellationToken: cancellationToken);
        foreach (var slice in slices.Where(s => s.Base is not null))
        {
            foreach (var key in await FooterKeysAsync(slice, cancellationToken))
            {
                count.Add(key, BucketIdentifier.BucketOfFile(slice.FileId));
            }

            if (count.Found != 0)
            {
                return Checked(count);
            }
        }

        foreach (var slice in state.Config.PopulateMetaFields ? slices : [])
        {
            await foreach (var batch in stored.ReadAsync(slice, [MetaColumns.RecordKey], cancellationToken))
            {
                using (batch)
                {
                    var keys = (StringArray)batch.Column(0);
                    for (var row = 0; row < keys.Length; row++)
                    {
                        count.Add(keys.GetString(row), BucketIdentifier.BucketOfFile(slice.FileId));
                    }
                }
            }

            if (count.Found != 0)
            {
                return Checked(count);
            }
        }

        throw new LakehouseException(
            LakehouseErrorKind.InvalidInput, "How many buckets the table has is stored nowhere, and its keys do not tell", state.Config.Root, remedy: $"Give {BucketIndex.CountOption}, and {BucketIndex.HashFieldOption} where not all key columns are hashed");
    }

    private int Checked(BucketCount count) => count.Found <= MostBuckets ? count.Found
        : throw new LakehouseException(LakehouseErrorKind.Corrupt, "The keys of the table's buckets do not tell a number of buckets", state.Config.Root, remedy: $"Give {BucketIndex.CountOption} and {BucketIndex.HashFieldOption}");

    // The least and the greatest key of a base file.
    private async ValueTask<IReadOnlyList<string>> FooterKeysAsync(FileSlice slice, CancellationToken cancellationToken)
    {
        var footer = await ParquetFooter.ReadAsync(state.Store, slice.Base!.Path, slice.Base.Length, cancellationToken: cancellationToken);
        return [.. new[] { footer.GetKeyValue(BaseFileWriter.MinKey), footer.GetKeyValue(BaseFileWriter.MaxKey) }.OfType<string>()];
    }
}
