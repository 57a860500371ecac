namespace OllaLab.Lakehouse;

/// <summary>What a write to a merge-on-read table does about compaction once it is committed.</summary>
public enum InlineCompaction
{
    /// <summary>Nothing: compactions are planned and executed on their own.</summary>
    None,

    /// <summary>Plans a compaction when one is due (hoodie.compact.schedule.inline).</summary>
    Schedule,

    /// <summary>Executes what is planned; plans a compaction when one is due, and executes it (hoodie.compact.inline).</summary>
    Execute,
}
