namespace OllaLab.Lakehouse.Timelines;

/// <summary>What both layouts share.</summary>
internal static class TimelineLayout
{
    /// <summary>The layout of a table.</summary>
    /// <param name="tableVersion">6, 8 or 9; another one is refused.</param>
    /// <param name="folder">The active timeline's folder, relative to the root: ".hoodie/timeline" unless configured; layout 1 always has ".hoodie".</param>
    /// <param name="zone">The timeline's zone.</param>
    public static ITimelineLayout For(int tableVersion, string folder, TimeZoneInfo zone) => tableVersion switch
    {
        6 => new LayoutV1(zone),
        8 or 9 => new LayoutV2(folder, zone),
        _ => throw new LakehouseException(
            LakehouseErrorKind.Unsupported, $"table version {tableVersion} is not supported", path: ".hoodie/hoodie.properties", remedy: "Upgrade or downgrade the table to version 6, 8 or 9 with Hudi"),
    };

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

    /// <summary>
    /// Splits digits [_digits] .word [.non-digits]; the regular expressions of InstantGeneratorV1 and V2 by hand. A state must be "requested" or "inflight".
    /// </summary>
    internal static bool TryParse(string name, bool allowCompletion, out Instant instant)
    {
        instant = null!;
        var text = name.AsSpan();
        int requestedEnd = DigitsFrom(text, 0);
        int at = requestedEnd;
        string? completion = null;
        if (allowCompletion && at < text.Length && text[at] == '_')
        {
            int end = DigitsFrom(text, at + 1);
            completion = end == at + 1 ? null : text[(at + 1)..end].ToString();
            at = completion is null ? at : end;
        }

        if (requestedEnd == 0 || at >= text.Length || text[at] != '.')
        {
            return false;
        }

        var action = text[(at + 1)..];
        var state = InstantState.Completed;
        int dot = action.IndexOf('.');
        if (dot >= 0)
        {
            if (!TryState(action[(dot + 1)..], out state))
            {
                return false;
            }

            action = action[..dot];
        }
        else if (action is "inflight")
        {
            // A commit's inflight file has no action in its name, in every version.
            action = Actions.Commit;
            state = InstantState.Inflight;
        }

        if (action.Length == 0 || !IsWord(action))
        {
            return false;
        }

        bool completed = state == InstantState.Completed;
        instant = new Instant(text[..requestedEnd].ToString(), Actions.Intern(action), state, completed ? completion : null) { IsLegacy = completed && completion is null };
        return true;
    }

    internal static string StateSuffix(InstantState state) => state switch
    {
        InstantState.Requested => ".requested",
        InstantState.Inflight => ".inflight",
        _ => string.Empty,
    };

    internal static LakehouseException Unnameable(Instant instant) =>
        new(LakehouseErrorKind.Unsupported, $"the action '{instant.Action}' in state {instant.State} has no file name in this timeline layout", instant: instant.RequestedTime);

    private static bool TryState(ReadOnlySpan<char> text, out InstantState state)
    {
        state = text is "requested" ? InstantState.Requested : InstantState.Inflight;
        return text is "requested" or "inflight";
    }

    private static int DigitsFrom(ReadOnlySpan<char> text, int start)
    {
        int end = start;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end;
    }

    private static bool IsWord(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return true;
    }
}
