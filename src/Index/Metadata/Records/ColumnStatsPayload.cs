namespace OllaLab.Lakehouse.Metadata;

/// <summary>Bounds and counts of one column in one file (type 3), or in one partition (type 6; HoodieMetadataColumnStats).</summary>
/// <param name="Type">Of a file or of a partition.</param>
/// <param name="FileName">The file's bare name; of a partition its path.</param>
/// <param name="ColumnName">Dotted where nested.</param>
internal sealed record ColumnStatsPayload(MetadataRecordType Type, string FileName, string? ColumnName) : MetadataPayload(Type)
{
    /// <summary>Null: not known.</summary>
    public WrappedValue? Min { get; init; }

    /// <summary>Null: not known.</summary>
    public WrappedValue? Max { get; init; }

    /// <summary>Rows, nulls among them.</summary>
    public long? ValueCount { get; init; }

    public long? NullCount { get; init; }

    /// <summary>Compressed bytes; 0 for log files.</summary>
    public long? TotalSize { get; init; }

    public long? TotalUncompressedSize { get; init; }

    public bool IsDeleted { get; init; }

    public bool IsTightBound { get; init; }

    /// <summary>The logical type of the bounds (ordinal of Hudi's ValueType); null in version 1 of the index.</summary>
    public int? ValueType { get; init; }

    /// <summary>Precision and scale of a decimal, "p,s"; null otherwise.</summary>
    public string? ValueTypeInfo { get; init; }
}

/// <summary>A bound as it is stored: one of the wrapper records of HoodieMetadataColumnStats.</summary>
/// <param name="Kind">The wrapper; its number is the branch of the union.</param>
/// <param name="Value">bool, int (Int, Date, LocalDate), long (Long, TimeMicros, TimestampMicros), float, double, string, or byte[] (Bytes; Decimal: unscaled, big-endian, scale 15).</param>
internal readonly record struct WrappedValue(WrapperKind Kind, object Value);

/// <summary>The branches of the union of bounds, in its order; 0 is null.</summary>
internal enum WrapperKind
{
    Boolean = 1,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Date,
    Decimal,
    TimeMicros,
    TimestampMicros,
    LocalDate,
    Array,
}
