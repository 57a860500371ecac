using Apache.Arrow;
using OllaLab.Lakehouse.FileGroups;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;
using OllaLab.Lakehouse.Timelines;

namespace OllaLab.Lakehouse.Reading;

/// <summary>A query taken apart: which slices, which columns of them, which rows of those. SQL hands the same slices to DuckDB.</summary>
internal sealed record ScanPlan
{
    public required TableState State { get; init; }

    /// <summary>The table's schema as of the query.</summary>
    public required TableSchema Schema { get; init; }

    /// <summary>The columns to return.</summary>
    public required Schema Output { get; init; }

    /// <summary>The columns to read: those to return first, then what the filters need besides.</summary>
    public required SliceRead Read { get; init; }

    /// <summary>Whether the query is of the table as it is now, logs and all: only then indexes of what it holds now apply.</summary>
    public required bool IsLatest { get; init; }

    /// <summary>Slices that may hold rows of the query, by partition path, then file id.</summary>
    public required IReadOnlyList<FileSlice> Slices { get; init; }

    /// <summary>How many slices there are before pruning by partition and by the metadata table.</summary>
    public required int SlicesBeforePruning { get; init; }

    public required PartitionValues Partitions { get; init; }

    /// <summary>The user's condition, bound to <see cref="SliceRead.Columns"/>.</summary>
    public BoundPredicate? Where { get; init; }

    /// <summary>Incremental: only rows that the commits of the range wrote.</summary>
    public CommitFilter? Commits { get; init; }

    /// <summary>Output columns that show a segment of the partition path as it is.</summary>
    public IReadOnlyList<(int Column, int Segment)> EncodedColumns { get; init; } = [];

    public long? Limit { get; init; }
}
