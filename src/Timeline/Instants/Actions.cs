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

    public static bool IsKnown(string action) => ActionCodes.Of(action) != ActionCode.Unknown;

    /// <summary>Whether this is a pending service that is going to write files: it completes as a write.</summary>
    public static bool IsService(string action) => action is Compaction or LogCompaction or Clustering;

    /// <summary>Whether a completed instant of this action adds or removes rows' files: commit, delta commit, replace commit (HoodieTimeline.getCommitsTimeline).</summary>
    public static bool IsWrite(string action) => action is Commit or DeltaCommit or ReplaceCommit;
}
