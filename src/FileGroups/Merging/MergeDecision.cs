namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What becomes of a stored row whose key comes in again.</summary>
internal enum MergeDecision : byte
{
    /// <summary>The stored row stays as it is, with its own commit time.</summary>
    Keep,

    /// <summary>The incoming row takes its place.</summary>
    Replace,

    /// <summary>It goes.</summary>
    Delete,
}
