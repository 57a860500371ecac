using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.ParquetFiles;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>How the metadata table's writer looks into data files.</summary>
/// <param name="Schema">The table's columns.</param>
/// <param name="Format">The Parquet reader.</param>
internal sealed record MetadataSource(TableSchema Schema, IParquetFormat Format)
{
    /// <summary>How logs are merged where an index needs to know what they make of a row; null: by the table's own properties, within <see cref="MergeMemory"/>.</summary>
    public MergeSettings? Merging { get; init; }

    /// <summary>What the write kept statistics of on its way; null: its files are looked into.</summary>
    public WrittenStatistics? Written { get; init; }

    /// <summary>Bytes for the merging of one slice where nobody says how much there is.</summary>
    public const long MergeMemory = 64L << 20;
}

/// <summary>Statistics that a write has kept of its files.</summary>
/// <param name="Columns">Of which columns (<see cref="BaseFileContext.StatisticsColumns"/>).</param>
/// <param name="Files">The files with theirs.</param>
internal sealed record WrittenStatistics(IReadOnlyList<string> Columns, IReadOnlyList<WrittenFile> Files);
