namespace OllaLab.Lakehouse.Timelines;

/// <summary>The timeline's actions (HoodieTimeline).</summary>
internal static class Actions
{
    public const string Commit = "commit";
    public const string DeltaCommit = "deltacommit";
    public const string Compaction = "compaction";
    public const string LogCompaction = "logcompaction";
    public const string ReplaceCommit = "replacecommit";
    public const string Clustering = "clustering";
    public const string Clean = "clean";
    public const string Rollback = "rollback";
    public const string Restore = "restore";
    public const string Savepoint = "savepoint";
    public const string Indexing = "indexing";
    public const string SchemaCommit = "schemacommit";

    private static readonly string[] All =
        [Commit, DeltaCommit, Compaction, LogCompaction, ReplaceCommit, Clustering, Clean, Rollback, Restore, Savepoint, Indexing, SchemaCommit];

    public static bool IsKnown(string action) => Array.IndexOf(All, action) >= 0;

    /// <summary>Whether a completed instant of this action adds or removes rows' files: commit, delta commit, replace commit (HoodieTimeline.getCommitsTimeline).</summary>
    public static bool IsWrite(string action) => action is Commit or DeltaCommit or ReplaceCommit;

    /// <summary>The constant equal to <paramref name="text"/>, so that 30 000 parsed names share a dozen strings; a new string for an unknown action.</summary>
    public static string Intern(ReadOnlySpan<char> text)
    {
        foreach (var action in All)
        {
            if (text.SequenceEqual(action))
            {
                return action;
            }
        }

        return text.ToString();
    }
}
