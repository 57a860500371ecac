using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>
/// Time travel ends where a cleaner has been: it deletes old versions of files, and a snapshot from before the commits that it kept would lack the rows of those that are gone
/// (TimelineUtils.validateTimestampAsOf).
/// </summary>
internal static class CleanedHistory
{
    public static async ValueTask RefuseAsync(TableState state, string asOf, CancellationToken cancellationToken)
    {
        if (await LatestAsync(state, cancellationToken) is not var (clean, metadata))
        {
            return;
        }

        // A cleaner that counts versions instead of commits names no commit: then what the active timeline still holds is taken for kept.
        var kept = metadata.EarliestCommitToRetain is { Length: > 0 } earliest ? earliest : state.Timeline.CompletedWrites.FirstOrDefault()?.RequestedTime;
        if (kept is not null && string.CompareOrdinal(kept, asOf) > 0)
        {
            throw new LakehouseException(
                LakehouseErrorKind.InvalidInput,
                $"The table as of {asOf} is gone: a cleaner has deleted files from before {kept}",
                state.Store.Root,
                state.Client.PathOf(clean),
                clean.RequestedTime,
                $"Ask for {kept} or later; to keep more history, let the cleaner keep more commits (hoodie.clean.commits.retained) or switch it off (hoodie.clean.automatic=false)");
        }
    }

    // The latest clean may have been archived, where there was nothing to clean since.
    private static async ValueTask<(Instant Clean, CleanMetadata Metadata)?> LatestAsync(TableState state, CancellationToken cancellationToken)
    {
        // The one that took most: a later one may have been told to keep more.
        (Instant Clean, CleanMetadata Metadata)? most = null;
        foreach (var clean in state.Timeline.Instants.Where(i => i.IsCompleted && i.Action == Actions.Clean))
        {
            var metadata = await state.Client.ReadCleanMetadataAsync(clean, cancellationToken);
            if (most is null || string.CompareOrdinal(metadata.EarliestCommitToRetain, most.Value.Metadata.EarliestCommitToRetain) >= 0)
            {
                most = (clean, metadata);
            }
        }

        if (most is not null)
        {
            return most;
        }

        var archived = (await state.Client.ReadArchivedAsync(cancellationToken: cancellationToken)).Instants.LastOrDefault(i => i.Instant.Action == Actions.Clean);
        return archived is not null
            && (await state.Client.ReadArchivedAsync(withContent: true, archived.RequestedTime, cancellationToken)).Instants.FirstOrDefault(i => i.Instant.Action == Actions.Clean) is { Clean: { } held } found
            ? (found.Instant, held)
            : null;
    }
}
