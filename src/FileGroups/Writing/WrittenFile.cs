using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>A base or log file that a write has made, with what the commit says of it.</summary>
internal sealed record WrittenFile(string PartitionPath, WriteStat Stat)
{
    /// <summary>Bounds and counts of the columns that the write keeps statistics of (<see cref="BaseFileContext.StatisticsColumns"/>).</summary>
    public IReadOnlyList<ColumnBounds> Statistics { get; init; } = [];
}
