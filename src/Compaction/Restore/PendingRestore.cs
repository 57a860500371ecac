using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Services;

/// <summary>A restore that was begun and not finished: the table is between two states, and nothing but the restore may go on (BaseHoodieWriteClient.startCommit).</summary>
internal static class PendingRestore
{
    public static Instant? Of(ActiveTimeline timeline) => timeline.Pending.FirstOrDefault(i => i.Action == Actions.Restore);

    public static void Refuse(TimelineClient client, ActiveTimeline timeline)
    {
        if (Of(timeline) is { } restore)
        {
            throw new LakehouseException(
                LakehouseErrorKind.Unsupported,
                "a restore of this table was not finished",
                client.Store.Root,
                client.PathOf(restore),
                restore.RequestedTime,
                "Restore the table to the same instant again, which finishes it ('timeline' names it); another engine's restore that engine finishes too");
        }
    }
}
