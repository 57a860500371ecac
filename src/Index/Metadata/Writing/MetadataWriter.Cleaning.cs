using OllaLab.Lakehouse.Storage;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Metadata;

/// <content>Cleans.</content>
internal static partial class MetadataWriter
{
    /// <summary>Completes a clean of the table, the metadata table's delta commit first, which takes the deleted files out (HoodieBackedTableMetadataWriter.update(HoodieCleanMetadata)).</summary>
    /// <param name="data">The table's timeline.</param>
    /// <param name="inflight">The clean.</param>
    /// <param name="metadata">What it did.</param>
    /// <param name="source">The table's columns.</param>
    /// <param name="cancellationToken">Gives it up as long as it is not completed.</param>
    /// <returns>The completed instant.</returns>
    public static ValueTask<Instant> CompleteAsync(TimelineClient data, Instant inflight, CleanMetadata metadata, MetadataSource source, CancellationToken cancellationToken) => data.Locks.RunAsync(
        async _ =>
        {
            var (now, read) = await Requests.BothAsync(data.Store, () => data.LoadAsync(cancellationToken: cancellationToken), () => MetadataFolder.ReadAsync(data, cancellationToken));
            data.RequirePending(now, inflight);
            if (await RequireLayoutAsync(read, cancellationToken) is { } folder)
            {
                await AddAsync(folder, now, inflight.RequestedTime, () => CleanRecords.OfAsync(folder, metadata, source, cancellationToken), cancellationToken);
            }

            return await data.CompleteAsync(inflight, metadata.Write(), cancellationToken);
        },
        cancellationToken);
}
