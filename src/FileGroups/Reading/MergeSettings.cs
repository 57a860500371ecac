namespace OllaLab.Lakehouse.FileGroups;

/// <summary>How the logs of one slice are merged.</summary>
/// <param name="Rule">Which row of a key stays.</param>
/// <param name="MemoryBudget">In bytes, for one slice; past it, rows are put aside on the disk.</param>
/// <param name="SpillFolder">Where; null: the system's folder for temporary files.</param>
internal sealed record MergeSettings(MergeRule Rule, long MemoryBudget, string? SpillFolder);
