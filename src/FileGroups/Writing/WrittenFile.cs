using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>A base or log file that a write has made, with what the commit says of it.</summary>
internal sealed record WrittenFile(string PartitionPath, WriteStat Stat);
