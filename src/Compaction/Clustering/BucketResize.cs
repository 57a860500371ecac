using System.Globalization;
using Apache.Arrow;
using OllaLab.Lakehouse.Indexing;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>
/// A clustering that changes the buckets of partitions (SparkConsistentBucketClusteringExecutionStrategy): the rows of a group go to the buckets that its plan puts on the ring, which takes the place of the
/// old one with the clustering's completion.
/// </summary>
internal sealed class BucketResize
{
    // BaseConsistentHashingBucketClusteringPlanStrategy.
    public const string Partition = "clustering.group.partition";
    public const string Children = "clustering.group.child.node";
    public const string SequenceNumber = "clustering.group.sequence.no";

    private readonly HashingMetadata metadata;
    private readonly IReadOnlyDictionary<string, HashingRing> rings;
    private readonly IReadOnlyList<string> hashFields;

    private BucketResize(HashingMetadata metadata, IReadOnlyDictionary<string, HashingRing> rings, IReadOnlyList<string> hashFields)
    {
        this.metadata = metadata;
        this.rings = rings;
        this.hashFields = hashFields;
    }

    /// <param name="client">The table's timeline.</param>
    /// <param name="view">Its files.</param>
    /// <param name="instant">The clustering.</param>
    /// <param name="plan">Its plan.</param>
    /// <param name="hashFields">Key columns that are hashed.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async ValueTask<BucketResize> CreateAsync(TimelineClient client, FileSystemView view, string instant, ClusteringPlan plan, IReadOnlyList<string> hashFields, CancellationToken cancellationToken)
    {
        var metadata = new HashingMetadata(client.Store);
        var rings = new Dictionary<string, HashingRing>(StringComparer.Ordinal);
        foreach (var partition in plan.Groups.GroupBy(g => g.PartitionPath))
        {
            var now = await metadata.LoadAsync(view.Timeline, partition.Key, await view.GetSlicesAsync(partition.Key, cancellationToken: cancellationToken), cancellationToken);
            if (now is null || partition.Any(g => g.ExtraMetadata.GetValueOrDefault(SequenceNumber) != now.SequenceNumber.ToString(CultureInfo.InvariantCulture)))
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Conflict, $"The buckets of partition '{partition.Key}' are not those for which the clustering was planned", path: partition.Key, instant: instant, remedy: "Roll the clustering back (cluster --rollback) and plan another");
            }

            rings.Add(partition.Key, now.With(instant, partition.SelectMany(ChildrenOf)));
        }

        return new BucketResize(metadata, rings, hashFields);
    }

    /// <summary>The file groups of a group's new buckets.</summary>
    public static IReadOnlyList<string> OutputsOf(ClusteringGroup group) => [.. ChildrenOf(group).Where(c => c.Tag != HashingNode.Delete).Select(c => c.FileId)];

    /// <summary>The rows of each of a group's new buckets.</summary>
    /// <exception cref="LakehouseException">Corrupt: a row belongs to another.</exception>
    public IEnumerable<(string FileId, int[] Rows)> Split(ClusteringGroup group, StringArray keys)
    {
        var ring = rings[group.PartitionPath];
        var outputs = OutputsOf(group);
        foreach (var rows in Enumerable.Range(0, keys.Length).GroupBy(row => ring.Nodes[ring.IndexOf(HashingRing.Hash(keys.GetString(row), hashFields))].FileId))
        {
            if (!outputs.Contains(rows.Key))
            {
                throw new LakehouseException(
                    LakehouseErrorKind.Corrupt,
                    $"The key '{keys.GetString(rows.First())}' is in a bucket of partition '{group.PartitionPath}' where the hash of {string.Join(", ", hashFields)} does not put it",
                    path: group.PartitionPath,
                    remedy: $"Set {BucketIndex.HashFieldOption} in the table's properties to what its writers have, or leave the table as it is");
            }

            yield return (rows.Key, [.. rows]);
        }
    }

    /// <summary>Writes the new buckets, just before the clustering is completed.</summary>
    public async ValueTask SaveAsync(CancellationToken cancellationToken)
    {
        foreach (var ring in rings.Values)
        {
            await metadata.SaveAsync(ring, cancellationToken);
        }
    }

    /// <summary>Marks them as committed.</summary>
    public async ValueTask MarkAsync()
    {
        foreach (var ring in rings.Values)
        {
            await metadata.MarkAsync(ring.PartitionPath, ring.Instant);
        }
    }

    private static IReadOnlyList<HashingNode> ChildrenOf(ClusteringGroup group)
    {
        var children = HashingNode.ReadAll(group.ExtraMetadata.GetValueOrDefault(Children) ?? string.Empty);
        return children.All(c => c.Value >= 0 && (c.Tag == HashingNode.Delete || HashingRing.IsFileIdPrefix(c.FileIdPrefix)))
            ? children
            : throw new LakehouseException(LakehouseErrorKind.Corrupt, "the clustering plan names buckets that are none", path: group.PartitionPath, remedy: "Roll the clustering back (cluster --rollback) and plan another");
    }
}
