using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Writing;

/// <summary>
/// A write looks for what others committed since it read the table on the active timeline. One that slept for long before its instant was requested, which would have held archiving up, may find
/// that some of it was archived meanwhile: then it cannot know that nothing is in its way.
/// </summary>
internal static class ArchivedMeanwhile
{
    /// <exception cref="LakehouseException">Conflict.</exception>
    public static async ValueTask RefuseAsync(TableState before, ActiveTimeline now, string instant, CancellationToken cancellationToken)
    {
        var latest = before.Timeline.LatestTime;
        var pending = before.Timeline.Pending.Select(p => p.RequestedTime).ToHashSet();
        if (latest is not null && !now.IsBeforeStart(latest) && pending.All(p => !now.IsBeforeStart(p) || now.Find(p).Any()))
        {
            return;
        }

        // A timeline may also begin after it because what is left of it has savepoints, or was restored.
        var archived = (await before.Client.ReadArchivedAsync(cancellationToken: cancellationToken)).Instants.Select(i => i.Instant.RequestedTime);
        if (archived.Any(a => latest is null || string.CompareOrdinal(a, latest) > 0 || pending.Contains(a)))
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict, "commits of other writers since this one read the table were archived meanwhile", before.Store.Root, instant: instant, remedy: "Repeat the write");
        }
    }
}
