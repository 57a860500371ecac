namespace OllaLab.Lakehouse.Timelines;

/// <summary>An action as a byte, for names parsed by the ten thousand; in the order in which actions compare as text.</summary>
internal enum ActionCode : byte
{
    Unknown,
    Clean,
    Clustering,
    Commit,
    Compaction,
    DeltaCommit,
    Indexing,
    LogCompaction,
    ReplaceCommit,
    Restore,
    Rollback,
    Savepoint,
    SchemaCommit,
}

/// <summary>Between codes and names.</summary>
internal static class ActionCodes
{
    private static readonly string[] Names =
    [
        string.Empty, Actions.Clean, Actions.Clustering, Actions.Commit, Actions.Compaction, Actions.DeltaCommit, Actions.Indexing, Actions.LogCompaction, Actions.ReplaceCommit,
        Actions.Restore, Actions.Rollback, Actions.Savepoint, Actions.SchemaCommit,
    ];

    /// <summary>The constant of <see cref="Actions"/>, so that all instants share a dozen strings.</summary>
    public static string Name(ActionCode code) => Names[(int)code];

    public static ActionCode Of(string action) => Of(action.AsSpan());

    public static ActionCode Of(ReadOnlySpan<char> action)
    {
        // Most of a timeline are commits and delta commits.
        if (action.SequenceEqual(Actions.Commit))
        {
            return ActionCode.Commit;
        }

        for (int i = 1; i < Names.Length; i++)
        {
            if (action.SequenceEqual(Names[i]))
            {
                return (ActionCode)i;
            }
        }

        return ActionCode.Unknown;
    }
}
