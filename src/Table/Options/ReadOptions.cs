namespace OllaLab.Lakehouse;

/// <summary>Which rows of a table, and which of their columns.</summary>
public sealed class ReadOptions
{
    private IReadOnlyList<string>? columns;

    /// <summary>
    /// Time travel: the table as it was at this time, inclusive. An instant's requested time (17 digits), its completion time, or an ISO date or timestamp
    /// ("2026-11-01", "2026-11-01T10:00:00Z"; without an offset, in the table's timeline zone). Null: now.
    /// </summary>
    public string? AsOf { get; init; }

    /// <summary>Incremental read: only rows written by commits after this time, exclusive; forms as for <see cref="AsOf"/>; "000" is the beginning. Null: not incremental, unless <see cref="End"/> is given.</summary>
    public string? Begin { get; init; }

    /// <summary>Incremental read: the last commit time, inclusive; null: the latest.</summary>
    public string? End { get; init; }

    /// <summary>
    /// Merge-on-read tables: only what base files hold, without merging logs, as fast as a copy-on-write table and as old as the latest compaction (Hudi's read optimized query).
    /// Default false. Does not go with <see cref="Begin"/> and <see cref="End"/>; copy-on-write tables have no logs to leave out.
    /// </summary>
    public bool ReadOptimized { get; init; }

    /// <summary>Columns in the order wanted, meta columns (_hoodie_...) among them if named; null: all, meta columns first.</summary>
    public IReadOnlyList<string>? Columns
    {
        get => columns;
        init => columns = value;
    }

    /// <summary>Only rows for which this holds. Prunes partitions, files and row groups before reading.</summary>
    public Predicate? Where { get; init; }

    /// <summary>The form of partition columns; default <see cref="PartitionColumnForm.Stored"/>.</summary>
    public PartitionColumnForm PartitionColumns { get; init; } = PartitionColumnForm.Stored;

    /// <summary>At most so many rows; null: all.</summary>
    public long? Limit { get; init; }

    /// <summary>Rows of a batch at most, 1 to 1 000 000; default 16 384.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside the range.</exception>
    public int BatchRows
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1_000_000);
            field = value;
        }
    } = 16_384;

    internal bool IsIncremental => Begin is not null || End is not null;

    /// <summary>The same with other columns.</summary>
    internal ReadOptions With(IReadOnlyList<string> columns)
    {
        var copy = (ReadOptions)MemberwiseClone();
        copy.columns = columns;
        return copy;
    }
}
