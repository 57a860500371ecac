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
        var cleans = await ActiveAsync(state, cancellationToken);
        if (cleans.Count == 0 || state.Timeline.IsBeforeStart(asOf))
        {
            // The latest may have been archived, where there was nothing to clean since.
            cleans.AddRange((await state.Client.ReadArchivedAsync(withContent: true, cancellationToken: cancellationToken)).Instants.Where(i => i.Clean is not null).Select(i => (i.Instant, i.Clean!.EarliestCommitToRetain)));
        }

        if (cleans.Count == 0)
        {
            return;
        }

        // The one that took most: a later one may have been told to keep more.
        var (clean, earliest) = cleans.MaxBy(c => c.Kept, StringComparer.Ordinal);

        // A cleaner that counts versions instead of commits names no commit: then what the active timeline still holds is taken for kept.
        var kept = earliest.Length > 0 ? earliest : state.Timeline.CompletedWrites.FirstOrDefault()?.RequestedTime;
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

    /// <summary>Those that are done, and those under way, which may have deleted some files already.</summary>
    private static async ValueTask<List<(Instant Clean, string Kept)>> ActiveAsync(TableState state, CancellationToken cancellationToken)
    {
        var cleans = new List<(Instant, string)>();
        foreach (var clean in state.Timeline.Instants.Where(i => i.Action == Actions.Clean && i.State != InstantState.Requested))
        {
            cleans.Add((clean, clean.IsCompleted
                ? (await state.Client.ReadCleanMetadataAsync(clean, cancellationToken)).EarliestCommitToRetain
                : (await state.Client.ReadCleanPlanAsync(clean, cancellationToken)).EarliestToRetain?.Time ?? string.Empty));
        }

        return cleans;
    }
}
