using OllaLab.Lakehouse.Filtering;

namespace OllaLab.Lakehouse.FileGroups;

/// <summary>What is known of one column in one file (HoodieColumnRangeMetadata), or in several.</summary>
/// <param name="Column">Dotted where nested.</param>
/// <param name="Min">Null: no bound is known, because there is no value or because one is NaN or the file does not say.</param>
/// <param name="Max">Null where <paramref name="Min"/> is.</param>
/// <param name="ValueCount">Rows, nulls among them.</param>
/// <param name="NullCount">Null: not known.</param>
/// <param name="TotalSize">Compressed bytes; 0 for logs.</param>
/// <param name="TotalUncompressedSize">Uncompressed bytes; 0 for logs.</param>
internal sealed record ColumnBounds(string Column, StatisticValue? Min, StatisticValue? Max, long ValueCount, long? NullCount, long TotalSize, long TotalUncompressedSize)
{
    /// <summary>Whether there is a value that no bound is known of.</summary>
    public bool IsOpen => Min is null && NullCount != ValueCount;

    /// <summary>Bounds of this and of more rows.</summary>
    public ColumnBounds With(ColumnBounds other)
    {
        var (min, max) = Widened(other);
        return new ColumnBounds(
            Column, min, max, ValueCount + other.ValueCount, NullCount + other.NullCount, TotalSize + other.TotalSize, TotalUncompressedSize + other.TotalUncompressedSize);
    }

    private (StatisticValue?, StatisticValue?) Widened(ColumnBounds other)
    {
        if (IsOpen || other.IsOpen)
        {
            return (null, null);
        }

        if (Min is not { } min || Max is not { } max)
        {
            return (other.Min, other.Max);
        }

        if (other.Min is not { } otherMin || other.Max is not { } otherMax)
        {
            return (Min, Max);
        }

        return StatisticOrder.Least(min, otherMin) is { } least && StatisticOrder.Greatest(max, otherMax) is { } greatest ? (least, greatest) : (null, null);
    }
}
