using System.Numerics;

namespace OllaLab.Lakehouse.Metadata;

/// <summary>
/// Statistics of one column and file that were written in parts (HoodieTableMetadataUtil.mergeColumnStatsRecords): bounds widen, counts add up. Exact ones, and deletions, take the place
/// of what was there. Bounds that cannot be compared, or of which one side is not known, become unknown.
/// </summary>
internal static class ColumnStatsMerge
{
    public static ColumnStatsPayload Merge(ColumnStatsPayload older, ColumnStatsPayload newer) => older.IsDeleted || newer.IsDeleted || newer.IsTightBound ? newer : newer with
    {
        Min = Widen(older, newer, older.Min, newer.Min, sign: 1),
        Max = Widen(older, newer, older.Max, newer.Max, sign: -1),
        ValueCount = Add(older.ValueCount, newer.ValueCount),
        NullCount = Add(older.NullCount, newer.NullCount),
        TotalSize = Add(older.TotalSize, newer.TotalSize),
        TotalUncompressedSize = Add(older.TotalUncompressedSize, newer.TotalUncompressedSize),
        ValueType = newer.ValueType ?? older.ValueType,
        ValueTypeInfo = newer.ValueType is null ? older.ValueTypeInfo : newer.ValueTypeInfo,
    };

    private static WrappedValue? Widen(ColumnStatsPayload older, ColumnStatsPayload newer, WrappedValue? a, WrappedValue? b, int sign)
    {
        if (a is null || b is null)
        {
            // Without values there is nothing to bound.
            return a is null && HasNoValues(older) ? b : b is null && HasNoValues(newer) ? a : null;
        }

        return a.Value.Kind == b.Value.Kind && Compare(a.Value, b.Value) is { } order ? (order * sign <= 0 ? a : b) : null;
    }

    private static bool HasNoValues(ColumnStatsPayload stats) => stats.ValueCount is { } values && stats.NullCount == values;

    /// <summary>Null: not comparable without knowing more.</summary>
    private static int? Compare(WrappedValue a, WrappedValue b) => (a.Value, b.Value) switch
    {
        (double x, double y) when double.IsNaN(x) || double.IsNaN(y) => null,
        (float x, float y) when float.IsNaN(x) || float.IsNaN(y) => null,
        (string x, string y) => string.CompareOrdinal(x, y),
        (byte[] x, byte[] y) when a.Kind == WrapperKind.Decimal => Number(x).CompareTo(Number(y)),
        (byte[] x, byte[] y) => x.AsSpan().SequenceEqual(y) ? 0 : null,
        (IComparable x, IComparable y) when x.GetType() == y.GetType() => x.CompareTo(y),
        _ => null,
    };

    private static BigInteger Number(byte[] unscaled) => new(unscaled, isUnsigned: false, isBigEndian: true);

    private static long? Add(long? a, long? b) => a is null ? b : a + (b ?? 0);
}
