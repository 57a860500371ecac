using Apache.Arrow;
using OllaLab.Lakehouse.Filtering;
using OllaLab.Lakehouse.Schemas;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What is wanted of file slices; the same for all slices of a query.</summary>
/// <param name="Table">The table's schema.</param>
/// <param name="Columns">The columns to read, meta columns among them where wanted.</param>
/// <param name="Filter">Bound to <see cref="Columns"/>: rules out row groups, not rows. Null: all.</param>
/// <param name="BatchRows">Rows of a batch at most.</param>
internal sealed record SliceRead(TableSchema Table, Schema Columns, BoundPredicate? Filter, int BatchRows)
{
    /// <summary>Which blocks of log files count.</summary>
    public required LogInstants Logs { get; init; }

    /// <summary>Bytes of a base file's rows that another thread may read while its logs are merged; 0: none is free for it.</summary>
    public long AheadBytes { get; init; }

    /// <summary>Null where no slice has logs.</summary>
    public MergeSettings? Merging { get; init; }
}
