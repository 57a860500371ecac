namespace OllaLab.Lakehouse;

/// <summary>When a compaction is due (hoodie.compact.inline.trigger.strategy; Hudi's CompactionTriggerStrategy).</summary>
public enum CompactionTrigger
{
    /// <summary>So many delta commits since the last compaction was completed (NUM_COMMITS).</summary>
    Commits,

    /// <summary>So many delta commits since a compaction was last planned (NUM_COMMITS_AFTER_LAST_REQUEST).</summary>
    CommitsSinceRequest,

    /// <summary>So much time since the last completed compaction (TIME_ELAPSED).</summary>
    Time,

    /// <summary>Both that many delta commits and that much time (NUM_AND_TIME).</summary>
    CommitsAndTime,

    /// <summary>That many delta commits or that much time (NUM_OR_TIME).</summary>
    CommitsOrTime,
}
