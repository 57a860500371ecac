namespace OllaLab.Lakehouse;

/// <summary>Which of two rows with one key stays (RecordMergeMode).</summary>
public enum MergeMode
{
    /// <summary>The one with the greater ordering values; the later one where they are equal.</summary>
    EventTimeOrdering,

    /// <summary>The later one.</summary>
    CommitTimeOrdering,
}
