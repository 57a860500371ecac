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
        bool some = before.Timeline.LatestTime is { } latest
            ? now.IsBeforeStart(latest) || before.Timeline.Pending.Any(p => now.IsBeforeStart(p.RequestedTime) && !now.Find(p.RequestedTime).Any())
            : (await before.Client.ReadArchivedAsync(cancellationToken: cancellationToken)).Instants.Count > 0;
        if (some)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Conflict, "commits of other writers since this one read the table were archived meanwhile", before.Store.Root, instant: instant, remedy: "Repeat the write");
        }
    }
}
