using System.Globalization;
using System.Text;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>The simple bucket index (HoodieSimpleBucketIndex): a key's hash is its file group within the partition, and nothing is looked up.</summary>
/// <param name="count">Buckets of each partition (hoodie.bucket.index.num.buckets).</param>
/// <param name="hashFields">Key columns that are hashed (hoodie.bucket.index.hash.field).</param>
internal sealed class BucketIndex(int count, IReadOnlyList<string> hashFields) : IBucketIndex
{
    public const string CountOption = "hoodie.bucket.index.num.buckets";
    public const string HashFieldOption = "hoodie.bucket.index.hash.field";
    public const string EngineOption = "hoodie.index.bucket.engine";

    /// <summary>Hudi's own number of buckets where none is given.</summary>
    public const int DefaultCount = 256;

    // The digits of a file id; a folder with more buckets Hudi does not name either.
    private const int Digits = 8;

    public int Count => count;

    public int Of(string key) => BucketIdentifier.BucketId(key, hashFields, count);

    public int Of(ReadOnlySpan<byte> key) => Of(Encoding.UTF8.GetString(key));

    /// <summary>The id of a bucket's first file group: its number in place of the first digits of a random id.</summary>
    public static string NewFileId(int bucket, Guid random) => FileNames.MakeFileId(bucket.ToString("D8", CultureInfo.InvariantCulture) + random.ToString()[Digits..], 0);

    public ValueTask<IPartitionBuckets> OfPartitionAsync(string partitionPath, IReadOnlyList<FileSlice> slices, bool overwrites, CancellationToken cancellationToken) =>
        new(new Buckets(this, overwrites ? new Dictionary<int, FileSlice>() : ByBucket(slices)));

    // The number, without the random rest (BucketIndexConcurrentFileWritesConflictResolutionStrategy).
    public string GroupOf(string fileId) => fileId.Length > Digits ? fileId[..Digits] : fileId;

    /// <summary>The slice of each bucket of a partition.</summary>
    /// <exception cref="LakehouseException">Unsupported: there are more buckets than the index is for. Corrupt: a bucket has two file groups, so that its rows cannot be told apart.</exception>
    public IReadOnlyDictionary<int, FileSlice> ByBucket(IEnumerable<FileSlice> slices)
    {
        var found = new Dictionary<int, FileSlice>();
        foreach (var slice in slices)
        {
            int bucket = BucketIdentifier.BucketOfFile(slice.FileId);
            if (bucket >= count)
            {
                throw WrongCount(slice);
            }

            if (!found.TryAdd(bucket, slice))
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Corrupt,
                    $"Bucket {bucket} of partition '{slice.PartitionPath}' has two file groups, {found[bucket].FileId} and {slice.FileId}: rows of one key may be in either (Apache Hudi's bulk insert makes such)",
                    path: slice.Base?.Path ?? slice.Logs[0].Path,
                    remedy: "Copy the table into a new one");
            }
        }

        return found;
    }

    public LakehouseException WrongCount(FileSlice slice) => new(
        LakehouseErrorKind.Unsupported,
        $"The table was not made with a bucket index of {count} buckets hashing {string.Join(", ", hashFields)}: file group {slice.FileId} is not where its keys would be",
        path: slice.Base?.Path ?? slice.Logs[0].Path,
        remedy: $"Leave {CountOption} and {HashFieldOption} out, or give what the table was made with");

    private sealed class Buckets(BucketIndex index, IReadOnlyDictionary<int, FileSlice> slices) : IPartitionBuckets
    {
        public int Of(ReadOnlySpan<byte> key) => index.Of(key);

        public FileSlice? SliceOf(int bucket) => slices.GetValueOrDefault(bucket);

        public string NewFileId(int bucket, Guid random) => BucketIndex.NewFileId(bucket, random);
    }
}
