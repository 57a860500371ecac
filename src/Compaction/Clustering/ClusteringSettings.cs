using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Services;

/// <summary>How clusterings of a table are executed.</summary>
/// <param name="Schema">The table's schema, in which files are written.</param>
/// <param name="Rule">How rows of one key are merged.</param>
/// <param name="Format">The Parquet reader.</param>
/// <param name="Files">How base files are laid out.</param>
/// <param name="Layout">How rows are sorted by a plan that does not say.</param>
/// <param name="MemoryBudget">Bytes for rows that are merged and sorted, over all groups under way.</param>
/// <param name="SpillFolder">Where rows past the budget go; null: the system's folder for temporary files.</param>
internal sealed record ClusteringSettings(TableSchema Schema, MergeRule Rule, IParquetFormat Format, BaseFileSettings Files, ClusteringLayout Layout, long MemoryBudget, string? SpillFolder)
{
    /// <summary>Key columns that are hashed where buckets are resized.</summary>
    public IReadOnlyList<string> HashFields { get; init; } = [];

    /// <summary>Rows of a batch on its way.</summary>
    public const int BatchRows = 16_384;
}
