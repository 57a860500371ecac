namespace OllaLab.Lakehouse.Timelines;

/// <summary>
/// A timeline file's name taken apart without a copy: digits [_digits] .word [.non-digits], the regular expressions of InstantGeneratorV1 and V2 by hand. The state must be
/// "requested" or "inflight"; without one the file is a completed one.
/// </summary>
internal readonly struct InstantName
{
    private readonly ulong time;
    private readonly short requestedEnd;
    private readonly short completionEnd;

    private InstantName(int requestedEnd, int completionEnd, ulong time, ActionCode action, InstantState state)
    {
        this.requestedEnd = (short)requestedEnd;
        this.completionEnd = (short)completionEnd;
        this.time = time;
        Action = action;
        State = state;
    }

    /// <summary>Requested time, comparable action and state in one number that orders as they do; only where <see cref="HasKey"/>.</summary>
    /// <param name="comparable">The comparable action; codes are in the order of their names.</param>
    public ulong Key(ActionCode comparable) => (time << 6) | ((ulong)comparable << 2) | (ulong)State;

    /// <summary>Whether the requested time has the usual 17 digits, which fit 57 bits.</summary>
    public bool HasKey => requestedEnd == InstantTimes.Length;

    public ActionCode Action { get; }

    public InstantState State { get; }

    /// <summary>Whether the name has no completion time although it is completed.</summary>
    public bool IsLegacy => State == InstantState.Completed && completionEnd == requestedEnd;

    public static bool TryParse(ReadOnlySpan<char> name, bool allowCompletion, out InstantName parsed)
    {
        parsed = default;
        ulong time = 0;
        int at = 0;
        for (; at < name.Length && char.IsAsciiDigit(name[at]); at++)
        {
            time = unchecked((time * 10) + (ulong)(name[at] - '0'));
        }

        int requestedEnd = at;
        if (allowCompletion && at < name.Length && name[at] == '_')
        {
            int digits = DigitsFrom(name, at + 1);
            at = digits == at + 1 ? at : digits;
        }

        int completionEnd = at;
        if (requestedEnd == 0 || at >= name.Length || name[at] != '.' || name.Length > short.MaxValue)
        {
            return false;
        }

        var action = name[(at + 1)..];
        var state = InstantState.Completed;
        int dot = action.IndexOf('.');
        if (dot >= 0)
        {
            var text = action[(dot + 1)..];
            state = text is "requested" ? InstantState.Requested : InstantState.Inflight;
            if (text is not ("requested" or "inflight"))
            {
                return false;
            }

            action = action[..dot];
        }

        var code = ActionCodes.Of(action);
        if (dot < 0 && action is "inflight")
        {
            // A commit's inflight file has no action in its name, in every version.
            code = ActionCode.Commit;
            state = InstantState.Inflight;
        }

        if (code == ActionCode.Unknown && !IsWord(action))
        {
            return false;
        }

        parsed = new InstantName(requestedEnd, completionEnd, time, code, state);
        return true;
    }

    public ReadOnlySpan<char> RequestedTime(string name) => name.AsSpan(0, requestedEnd);

    public Instant ToInstant(string name)
    {
        var action = Action == ActionCode.Unknown ? UnknownAction(name) : ActionCodes.Name(Action);
        var completion = State == InstantState.Completed && completionEnd > requestedEnd ? name[(requestedEnd + 1)..completionEnd] : null;
        return new Instant(name[..requestedEnd], action, State, completion) { IsLegacy = IsLegacy };
    }

    /// <summary>Hudi reads only names that it would write (VALID_EXTENSIONS_IN_ACTIVE_TIMELINE): no T.commit.inflight, no T.savepoint.requested, no completed clustering.</summary>
    public bool IsTimelineFile(string name) => (Action, State) switch
    {
        (ActionCode.Commit, InstantState.Inflight) => name.Length == requestedEnd + ".inflight".Length,
        (ActionCode.Savepoint, InstantState.Requested) => false,
        (ActionCode.Clustering or ActionCode.Compaction or ActionCode.LogCompaction, InstantState.Completed) => false,
        _ => true,
    };

    private string UnknownAction(string name)
    {
        var rest = name.AsSpan(completionEnd + 1);
        int dot = rest.IndexOf('.');
        return (dot < 0 ? rest : rest[..dot]).ToString();
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

        return !text.IsEmpty;
    }
}
