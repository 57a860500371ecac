namespace OllaLab.Lakehouse;

/// <summary>What becomes of two rows of one key.</summary>
public enum RecordMergeChoice
{
    /// <summary>The older row stays.</summary>
    Older,

    /// <summary>The newer row takes its place.</summary>
    Newer,

    /// <summary>A row made of both takes its place.</summary>
    Combined,

    /// <summary>The key is deleted.</summary>
    Delete,
}
