namespace OllaLab.Lakehouse;

/// <summary>Which of two rows with the same key stays (<c>hoodie.record.merge.mode</c>).</summary>
public enum MergeMode
{
    /// <summary>The row with the greater ordering value; of equal ones the row that was committed later.</summary>
    EventTime,

    /// <summary>The row that was committed later.</summary>
    CommitTime,

    /// <summary>A rule outside the format, named by a merge strategy id or a payload class.</summary>
    Custom,
}
