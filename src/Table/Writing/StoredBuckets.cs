using System.Globalization;
using Apache.Arrow;
using OllaLab.Lakehouse.Config;
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

    // PartitionBucketIndexHashingConfig.
    private const string CountsByPartition = Folder + "/partition_bucket_index_meta/";

    // File ids are known for buckets by four zeros (BucketIdentifier.AreBuckets).
    private const int MostBuckets = 10_000;

    // A wrong number puts a key into the right bucket by chance only.
    private const int CheckedFiles = 8;

    /// <summary>Whether the table's buckets are on rings; numbers of buckets by partition are refused, which are not written.</summary>
    public static async ValueTask<bool> AreOnRingsAsync(TableState state, CancellationToken cancellationToken)
    {
        await foreach (var file in state.Store.ListAsync(Folder, recursive: true, cancellationToken))
        {
            if (HashingMetadata.IsRing(file))
            {
                return true;
            }

            if (!file.IsFolder && file.Path.StartsWith(CountsByPartition, StringComparison.Ordinal))
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Unsupported,
                    "The table's partitions have numbers of buckets of their own, which is not supported for writing",
                    state.Config.Root,
                    file.Path,
                    remedy: "Write the table with the engine and the bucket index that it was made with, or copy it into a new table");
            }
        }

        return false;
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

        var fields = HashFields(option, config);
        if (GivenCount(option, config) is { } count)
        {
            var index = new BucketIndex(count, fields);
            await CheckAsync(index, cancellationToken);
            return index;
        }

        return new BucketIndex(areBuckets is null ? BucketIndex.DefaultCount : await FindCountAsync(fields, cancellationToken), fields);
    }

    /// <summary>The index of a table whose buckets are on rings, or shall be.</summary>
    /// <param name="option">As above.</param>
    /// <param name="onRings">Whether they are.</param>
    /// <param name="areBuckets">Whether the table's files are buckets of the simple kind; null: there are no files, or they are on rings.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask<IBucketIndex> CreateConsistentIndexAsync(Func<string, string?> option, bool onRings, bool? areBuckets, CancellationToken cancellationToken)
    {
        var config = state.Config;
        if (onRings && option(BucketIndex.EngineOption) is { } engine && !engine.Equals(ConsistentBucketIndex.Engine, StringComparison.OrdinalIgnoreCase))
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, $"The table's buckets are found by consistent hashing, and not by the engine {engine}", config.Root, HashingMetadata.Folder, remedy: $"Leave {BucketIndex.EngineOption} out, or set it to {ConsistentBucketIndex.Engine}");
        }

        if (areBuckets is not null)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "The table's files are not those of a consistent hashing index, which would not find the keys in them", config.Root, remedy: "Write with the index that the table was made with, or copy it into a new table");
        }

        if (config.Type != TableType.MergeOnRead)
        {
            throw new LakehouseException(LakehouseErrorKind.Unsupported, "Consistent hashing is for merge-on-read tables alone", config.Root, remedy: $"Leave {BucketIndex.EngineOption} out, or create a merge-on-read table");
        }

        var fields = HashFields(option, config);
        var metadata = new HashingMetadata(state.Store);
        int count = GivenCount(option, config) ?? await metadata.FirstCountAsync(cancellationToken) ?? BucketIndex.DefaultCount;
        var view = state.View;
        foreach (var slice in (await view.GetAllSlicesAsync(cancellationToken: cancellationToken)).Where(s => s.Base is not null).Take(CheckedFiles))
        {
            if (await metadata.LoadAsync(view.Timeline, slice.PartitionPath, await view.GetSlicesAsync(slice.PartitionPath, cancellationToken: cancellationToken), cancellationToken) is not { } ring)
            {
                continue;
            }

            foreach (var key in await FooterKeysAsync(slice, cancellationToken))
            {
                if (ring.IndexOf(HashingRing.Hash(key, fields)) != ring.IndexOfFile(slice.FileId))
                {
                    throw new LakehouseException(
                        LakehouseErrorKind.Unsupported,
                        $"The table was not made with a bucket index hashing {string.Join(", ", fields)}: file group {slice.FileId} is not where its keys would be",
                        config.Root,
                        slice.Base!.Path,
                        remedy: $"Give {BucketIndex.HashFieldOption} as the table was made with");
                }
            }
        }

        return new ConsistentBucketIndex(metadata, view, count, fields, state.Client.Environment.NewGuid);
    }

    /// <summary>The key columns that are hashed: those that are named, else all.</summary>
    public static IReadOnlyList<string> HashFields(Func<string, string?> option, TableConfig config)
    {
        if (config.RecordKeyFields.Length == 0)
        {
            throw new LakehouseException(LakehouseErrorKind.InvalidInput, "A bucket index needs key columns, and the table has none", config.Root, remedy: "Create the table with key columns");
        }

        string[] fields = option(BucketIndex.HashFieldOption)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } given ? given : [.. config.RecordKeyFields];
        return fields.FirstOrDefault(f => !config.RecordKeyFields.Contains(f)) is { } other
            ? throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"The hash field {other} of the bucket index is not a key column", config.Root, remedy: $"Name key columns in {BucketIndex.HashFieldOption}: {string.Join(", ", config.RecordKeyFields)}")
            : fields;
    }

    private static int? GivenCount(Func<string, string?> option, TableConfig config) => option(BucketIndex.CountOption) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MostBuckets ? count
        : throw new LakehouseException(LakehouseErrorKind.InvalidInput, $"{BucketIndex.CountOption}={text} is not a number of buckets from 1 to {MostBuckets}", config.Root);

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

    private async ValueTask<int> FindCountAsync(IReadOnlyList<string> fields, CancellationToken cancellationToken)
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
