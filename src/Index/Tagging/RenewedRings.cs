using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Indexing;

/// <summary>
/// New file groups for all buckets of partitions whose old ones an overwriting or a deletion replaces: no reader would see what is written to those afterwards. They count from the replace commit's
/// completion on, as those of a resizing do.
/// </summary>
/// <param name="metadata">Where the rings are.</param>
/// <param name="view">The table's files.</param>
/// <param name="newId">Makes ids.</param>
internal sealed class RenewedRings(HashingMetadata metadata, FileSystemView view, Func<Guid> newId)
{
    private readonly Dictionary<string, HashingRing> rings = new(StringComparer.Ordinal);

    /// <summary>The buckets of a partition as they will be; null: it has none.</summary>
    public async ValueTask<HashingRing?> OfAsync(string partitionPath, CancellationToken cancellationToken)
    {
        if (!rings.TryGetValue(partitionPath, out var ring)
            && await metadata.LoadAsync(view.Timeline, partitionPath, await view.GetSlicesAsync(partitionPath, cancellationToken: cancellationToken), cancellationToken) is { } now)
        {
            ring = now.With(now.Instant, Enumerable.Range(0, now.Nodes.Count).Select(n => now.Renew(n, newId)));
            rings.Add(partitionPath, ring);
        }

        return ring;
    }

    /// <summary>Writes them, just before the replace commit is completed.</summary>
    public async ValueTask SaveAsync(string instant, IEnumerable<string> partitions, CancellationToken cancellationToken)
    {
        foreach (var partition in partitions)
        {
            if (await OfAsync(partition, cancellationToken) is { } ring)
            {
                await metadata.SaveAsync(ring with { Instant = instant }, cancellationToken);
            }
        }
    }

    /// <summary>Marks them as committed.</summary>
    public async ValueTask MarkAsync(string instant, IEnumerable<string> partitions)
    {
        foreach (var partition in partitions.Where(rings.ContainsKey))
        {
            await metadata.MarkAsync(partition, instant);
        }
    }
}
