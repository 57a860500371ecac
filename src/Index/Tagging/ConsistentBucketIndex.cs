using System.Text;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>The consistent hashing index (HoodieSparkConsistentBucketIndex): a key's hash is a place on the ring of its partition's buckets, whose number clusterings change.</summary>
/// <param name="metadata">Where the rings are.</param>
/// <param name="view">The table's files.</param>
/// <param name="count">Buckets that a partition gets at first (hoodie.bucket.index.num.buckets).</param>
/// <param name="hashFields">Key columns that are hashed.</param>
/// <param name="newId">Makes ids.</param>
internal sealed class ConsistentBucketIndex(HashingMetadata metadata, FileSystemView view, int count, IReadOnlyList<string> hashFields, Func<Guid> newId) : IBucketIndex
{
    /// <summary>As hoodie.index.bucket.engine names it.</summary>
    public const string Engine = "CONSISTENT_HASHING";

    private readonly Dictionary<string, HashingRing> used = new(StringComparer.Ordinal);

    /// <summary>Buckets that take the place of those that are replaced.</summary>
    public RenewedRings Renewed { get; } = new(metadata, view, newId);

    public async ValueTask<IPartitionBuckets> OfPartitionAsync(string partitionPath, IReadOnlyList<FileSlice> slices, bool overwrites, CancellationToken cancellationToken)
    {
        if (overwrites && await Renewed.OfAsync(partitionPath, cancellationToken) is { } renewed)
        {
            return new Buckets(renewed, [], hashFields);
        }

        var ring = await metadata.LoadAsync(view.Timeline, partitionPath, slices, cancellationToken);
        if (ring is null && slices.Count > 0)
        {
            throw Wrong(slices[0], "the partition's buckets are written nowhere");
        }

        ring ??= await metadata.CreateAsync(partitionPath, count, cancellationToken);
        var replaced = await view.GetReplacedAsync(cancellationToken);
        if (ring.Nodes.FirstOrDefault(n => replaced.IsReplaced(partitionPath, n.FileId, null)) is { } gone)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                $"The bucket {gone.FileId} of partition '{partitionPath}' was replaced, by a deletion of the partition or an overwriting, and no reader would see what is written to it",
                path: partitionPath,
                remedy: "Write the rows to another partition, or copy the table into a new one");
        }

        used[partitionPath] = ring;
        var byNode = new Dictionary<int, FileSlice>();
        foreach (var slice in slices)
        {
            int node = ring.IndexOfFile(slice.FileId);
            if (node < 0 || !byNode.TryAdd(node, slice))
            {
                throw Wrong(slice, node < 0 ? "it is none of the partition's buckets" : "another is of the same bucket");
            }
        }

        return new Buckets(ring, byNode, hashFields);
    }

    public string GroupOf(string fileId) => fileId;

    /// <summary>Refuses to complete a write whose buckets are others by now: also of one that had no file group yet, which nothing that was replaced or planned names.</summary>
    /// <param name="now">The timeline as it is under the table's lock.</param>
    /// <param name="instant">The write.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async ValueTask CheckAsync(ActiveTimeline now, string instant, CancellationToken cancellationToken)
    {
        foreach (var (partition, ring) in used)
        {
            var slices = await view.GetSlicesAsync(partition, cancellationToken: cancellationToken);
            if ((await metadata.LoadAsync(now, partition, slices, cancellationToken))?.Instant != ring.Instant)
            {
                throw new LakehouseException(LakehouseErrorKind.Conflict, $"another process changed the buckets of partition '{partition}' meanwhile", path: partition, instant: instant, remedy: "Repeat the write");
            }
        }
    }

    private static LakehouseException Wrong(FileSlice slice, string problem) => new(
        LakehouseErrorKind.Corrupt,
        $"File group {slice.FileId} of partition '{slice.PartitionPath}' is not where its keys would be looked for: {problem}",
        path: slice.Base?.Path ?? slice.Logs[0].Path,
        remedy: "Copy the table into a new one");

    private sealed class Buckets(HashingRing ring, Dictionary<int, FileSlice> slices, IReadOnlyList<string> hashFields) : IPartitionBuckets
    {
        public int Of(ReadOnlySpan<byte> key) => ring.IndexOf(HashingRing.Hash(Encoding.UTF8.GetString(key), hashFields));

        public FileSlice? SliceOf(int bucket) => slices.GetValueOrDefault(bucket);

        public string NewFileId(int bucket, Guid random) => ring.Nodes[bucket].FileId;
    }
}
