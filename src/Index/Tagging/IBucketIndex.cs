using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>Says which file group a key belongs to by its hash: nothing is looked up.</summary>
internal interface IBucketIndex
{
    /// <summary>The buckets of a partition.</summary>
    /// <param name="partitionPath">The partition.</param>
    /// <param name="slices">Its latest slices.</param>
    /// <param name="overwrites">Whether what is written takes the place of the slices.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    ValueTask<IPartitionBuckets> OfPartitionAsync(string partitionPath, IReadOnlyList<FileSlice> slices, bool overwrites, CancellationToken cancellationToken);

    /// <summary>What a bucket's file groups have in common: two writers may begin one bucket with two ids.</summary>
    string GroupOf(string fileId);
}

/// <summary>The buckets of one partition.</summary>
internal interface IPartitionBuckets
{
    /// <summary>The number of a key's bucket.</summary>
    int Of(ReadOnlySpan<byte> key);

    /// <summary>A bucket's slice; null: it has no files yet.</summary>
    FileSlice? SliceOf(int bucket);

    /// <summary>The id of a bucket's first file group.</summary>
    string NewFileId(int bucket, Guid random);
}
