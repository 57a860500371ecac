using OllaLab.Lakehouse.Config;

namespace OllaLab.Lakehouse.Timelines;

/// <summary>What both layouts share.</summary>
internal static class TimelineLayout
{
    /// <summary>The layout of a table.</summary>
    /// <param name="tableVersion">6, 8 or 9; another one is refused.</param>
    /// <param name="folder">The active timeline's folder, relative to the root: ".hoodie/timeline" unless configured; layout 1 always has ".hoodie".</param>
    /// <param name="zone">The timeline's zone.</param>
    /// <param name="archive">The folder of what was archived, relative to the root; null: Hudi's default.</param>
    public static ITimelineLayout For(int tableVersion, string folder, TimeZoneInfo zone, string? archive = null) => tableVersion switch
    {
        6 => archive is null ? new LayoutV1(zone) : new LayoutV1(zone, archive),
        8 or 9 => new LayoutV2(folder, zone, archive),
        _ => throw new LakehouseException(
            LakehouseErrorKind.Unsupported, $"table version {tableVersion} is not supported", path: ".hoodie/hoodie.properties", remedy: "Upgrade or downgrade the table to version 6, 8 or 9 with Hudi"),
    };

    /// <summary>The layout of a table as its properties describe it.</summary>
    public static ITimelineLayout For(TableConfig config) => For(
        config.Version, config.TimelinePath, config.TimelineTimeZone == TimelineTimeZone.Utc ? TimeZoneInfo.Utc : TimeZoneInfo.Local, config.Version < 8 ? config.ArchiveFolder : config.HistoryPath);

    /// <summary>By requested time, comparable action, state (InstantComparators.requestedTimeOrdered).</summary>
    public static Comparison<Instant> RequestedOrder(this ITimelineLayout layout) => (a, b) =>
    {
        int order = string.CompareOrdinal(a.RequestedTime, b.RequestedTime);
        if (order == 0)
        {
            order = string.CompareOrdinal(layout.ComparableAction(a.Action), layout.ComparableAction(b.Action));
        }

        return order != 0 ? order : a.State.CompareTo(b.State);
    };

    /// <summary>By completion time, then requested order; what is not completed comes last.</summary>
    public static Comparison<Instant> CompletionOrder(this ITimelineLayout layout)
    {
        var requested = layout.RequestedOrder();
        return (a, b) =>
        {
            int order = (a.CompletionTime is null).CompareTo(b.CompletionTime is null);
            if (order == 0)
            {
                order = string.CompareOrdinal(a.CompletionTime, b.CompletionTime);
            }

            return order != 0 ? order : requested(a, b);
        };
    }

    /// <summary>An instant from its file's name.</summary>
    internal static bool TryParse(string name, bool allowCompletion, out Instant instant)
    {
        bool parsed = InstantName.TryParse(name, allowCompletion, out var parts);
        instant = parsed ? parts.ToInstant(name) : null!;
        return parsed;
    }

    internal static string StateSuffix(InstantState state) => state switch
    {
        InstantState.Requested => ".requested",
        InstantState.Inflight => ".inflight",
        _ => string.Empty,
    };

    internal static LakehouseException Unnameable(Instant instant) =>
        new(LakehouseErrorKind.Unsupported, $"the action '{instant.Action}' in state {instant.State} has no file name in this timeline layout", instant: instant.RequestedTime);
}
